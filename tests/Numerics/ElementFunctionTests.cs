using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Compiler.Operators;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

using static Strata.Compiler.KernelLanguage.Functions;

using Convolution = Strata.Compiler.Operators.Convolution;
using Expression = Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Numerics.Tests;

/// <summary>
/// Functions of elements: tensors that are broadcast and trained numbers, in every tier, in both layouts of training, with any number of
/// samples and threads. The oracle is the same formula in double precision, with gradients written by hand.
/// </summary>
public class ElementFunctionTests
{
    private const int Samples = 17;

    private static readonly Case[] Cases =
    [
        Scaled("scaled tanh", Shape.Image(20, 5, 7)),
        Scaled("scaled tanh of features", Shape.Vector(37)),
        Scaled("scaled tanh of a sequence", Shape.Sequence(5, 70)),
        Scaled("scaled tanh of a volume", Shape.Volume(3, 2, 3, 4)),
        Gate("gate", Shape.Image(20, 5, 7), Shape.Image(20, 5, 7)),
        Gate("gate of channels", Shape.Image(20, 5, 7), Shape.Image(20, 1, 1)),
        Gate("gate of pixels", Shape.Image(20, 5, 7), Shape.Image(1, 5, 7)),
        Gate("gate of rows", Shape.Image(16, 5, 7), Shape.Image(1, 5, 1)),
        Gate("one gate for all", Shape.Image(20, 5, 7), Shape.Image(1, 1, 1)),
        Gate("one value for all gates", Shape.Image(1, 1, 1), Shape.Image(20, 5, 7)),
        Gate("channels times pixels", Shape.Image(20, 1, 1), Shape.Image(1, 5, 7)),
        Gate("pixels times channels", Shape.Image(1, 5, 7), Shape.Image(32, 1, 1)),
        Gate("rows times columns", Shape.Image(3, 5, 1), Shape.Image(3, 1, 7)),
        Gate("gate of features", Shape.Vector(21), Shape.Vector(21)),
        Gate("one gate for all features", Shape.Vector(21), Shape.Vector(1)),
        Gate("gate of a sequence", Shape.Sequence(4, 33), Shape.Sequence(1, 33)),
        Gate("gate of planes", Shape.Volume(4, 3, 2, 5), Shape.Volume(1, 3, 1, 5)),
        Mixed("two tensors and two numbers", Shape.Image(20, 4, 6), Shape.Image(20, 4, 6)),
        Mixed("numbers of channels that only the second has", Shape.Image(1, 4, 6), Shape.Image(20, 4, 6)),
        Mixed("numbers of broadcast channels", Shape.Image(20, 1, 1), Shape.Image(1, 4, 6)),
    ];

    private static readonly TrainingLayout[] Layouts = [TrainingLayout.SampleLanes, TrainingLayout.Blocked];

    /// <summary>What the first branch makes of negative numbers, and the second of large ones, is not finite.</summary>
    private static readonly Case Branches = new(
        "branches", [Shape.Vector(12), Shape.Vector(12)], [],
        v => Expression.Select(v[0] > 0, v[0] * Log(v[0]), v[1] * Exp(v[0])),
        v => v[0] > 0 ? v[0] * Math.Log(v[0]) : v[1] * Math.Exp(v[0]),
        v => v[0] > 0 ? [Math.Log(v[0]) + (v[0] / v[0]), 0] : [v[1] * Math.Exp(v[0]), Math.Exp(v[0])]);

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => GraphCompiler.Compile(
        Enumerable.Range(0, Cases.Length)
            .SelectMany(i => Layouts.Select(layout => (Name: $"Case{i}{layout}", Graph: Cases[i].Graph(layout))))
            .Append((Name: nameof(Branches), Graph: Branches.Graph(TrainingLayout.SampleLanes)))
            .Append((Name: "Frozen", Graph: Frozen())).Append((Name: "Compared", Graph: Compared()))
            .ToDictionary(named => named.Name, named => named.Graph),
        "ElementFunctions"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    public static TheoryData<string, int, Isa> AllInAllTiers
    {
        get
        {
            var data = new TheoryData<string, int, Isa>();
            for (int i = 0; i < Cases.Length; i++)
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    data.Add(Cases[i].Name, i, isa);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AllInAllTiers))]
    public void Values_and_gradients_are_those_of_double_precision(string name, int number, Isa isa)
    {
        Assert.Equal(name, Cases[number].Name);
        foreach (TrainingLayout layout in Layouts)
        {
            Cases[number].Check(Compiled.Value[$"Case{number}{layout}"], isa, layout.ToString());
        }
    }

    /// <summary>Whatever is broadcast: samples that lie apart need not be moved into lanes and back.</summary>
    [Fact]
    public void They_train_in_blocks_of_channels()
    {
        foreach (Case c in Cases.Where(c => c.Shapes[0] is { Rank: > 1, Channels: >= 16 }))
        {
            TrainingProgram program = TierPrograms.Lower(c.Graph(TrainingLayout.Blocked), Tier.Avx512, CancellationToken.None).Training!;
            Step[] steps = [.. program.Forward.Concat(program.Backward)
                .Where(step => step.Comment.Contains($"{c.LayerName}:", StringComparison.Ordinal))];
            Assert.True(steps.Length >= 2);
            Assert.All(steps.SelectMany(step => step.Operands).OfType<BufferOperand>(),
                argument => Assert.NotEqual(Layout.SampleLanes, argument.Buffer.Layout));
        }
    }

    /// <summary>A branch that is not taken gives no NaN, whatever it would compute. Denormal numbers count as 0.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Kinks_and_infinities_are_those_of_the_formula(Isa isa)
    {
        const float Infinity = float.PositiveInfinity;
        float[] left = [0, -0f, 1, Infinity, -Infinity, float.NaN, float.MaxValue, -float.MaxValue, 1e-42f, -1e-42f, -90, 2],
            right = [3, 0, Infinity, 2, -2, 1, Infinity, -Infinity, 5, 5, float.NaN, -Infinity];
        using CompiledNetwork network = Compiled.Value[nameof(Branches)].Create(isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, 1, new Sgd(0.1));
        float[] y = new float[left.Length], again = new float[left.Length], gradient = new float[2 * left.Length];
        network.Forward([.. left, .. right], y);
        trainer.Forward([.. left, .. right], again);
        trainer.Backward([.. Enumerable.Repeat(1f, left.Length)], gradient);
        Assert.Equal(y, again);
        for (int i = 0; i < left.Length; i++)
        {
            double[] at = [float.IsSubnormal(left[i]) ? 0 * left[i] : left[i], right[i]], slopes = Branches.Gradients(at);
            string what = $"{left[i]}, {right[i]}";
            Close(Branches.Value(at), y[i], what);
            Close(slopes[0], gradient[i], what + ": by the first");
            Close(slopes[1], gradient[left.Length + i], what + ": by the second");
        }

        // Exponentials and logarithms are off by a few units in the last place, and denormal numbers are 0.
        static void Close(double expected, float actual, string what) => Assert.True(
            ((float)expected).Equals(actual) || Math.Abs(expected - actual) <= (1e-6 * Math.Abs(expected)) + Numbers.SmallestNormal,
            $"{what}: {actual:R} instead of {expected:R}");
    }

    /// <summary>A frozen layer keeps its numbers; its inputs still have gradients. An activation behind it is computed with it.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_frozen_function_with_an_activation_behind_it_passes_gradients_on(Isa isa)
    {
        using CompiledNetwork network = Compiled.Value["Frozen"].Create(isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, 2, new Sgd(0.1));
        float[] y = new float[4], gradient = new float[4];
        trainer.Forward([2, -1, 1, 4], y);
        Assert.Equal([1, 0, 0.5f, 2], y);
        trainer.Backward([1, 1, 1, 10], gradient);
        Assert.Equal([0.5f, 0, 0.5f, 5], gradient);
        trainer.Update();
        float[] slope = new float[1];
        network.Parameters[0].CopyTo(slope);
        Assert.Equal(0.5f, slope[0]);
    }

    /// <summary>Neither of the gradients is asked for where there is none.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void What_is_only_compared_has_no_gradient(Isa isa)
    {
        using CompiledNetwork network = Compiled.Value["Compared"].Create(isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, 1, new Sgd(0.1));
        float[] y = new float[2], gradient = new float[4];
        trainer.Forward([3, 5, 1, -1], y);
        Assert.Equal([3, -5], y);
        trainer.Backward([1, 2], gradient);
        Assert.Equal([1, -2, 0, 0], gradient);
    }

    [Fact]
    public void The_gradients_of_the_oracle_are_those_of_its_differences()
    {
        var random = new Random(3);
        foreach (Case c in Cases)
        {
            double[] at = [.. Enumerable.Range(0, c.Shapes.Length + c.Numbers.Length).Select(_ => (2 * random.NextDouble()) - 1)];
            double[] gradients = c.Gradients(at);
            for (int i = 0; i < at.Length; i++)
            {
                const double Step = 1e-5;
                double[] above = [.. at], below = [.. at];
                above[i] += Step;
                below[i] -= Step;
                Assert.Equal((c.Value(above) - c.Value(below)) / (2 * Step), gradients[i], 1e-8);
            }
        }
    }

    private static NetworkGraph Frozen()
    {
        List<Node> nodes = [];
        var shape = Shape.Vector(2);
        Variable x = new("x"), w = new("w");
        Node input = nodes.Add("Input", Input.Operation, shape);
        Node function = nodes.Add(
            "Function",
            new ElementFunction(
                x * w, EquatableArray.Of(new ElementInput(x, shape)), EquatableArray.Of(new ElementParameter(w, "slope", 0.5, false))),
            shape, input);
        nodes[^1] = function with { Frozen = true };
        nodes.Add("ReLU", Activation.Create("ReLU", isIncreasing: true, x => MaxNative(0, x)), shape, function);
        return GraphOf(nodes, TrainingLayout.SampleLanes);
    }

    private static NetworkGraph Compared()
    {
        List<Node> nodes = [];
        var shape = Shape.Vector(2);
        Variable a = new("a"), b = new("b");
        Node left = nodes.Add("Input", Input.Operation, shape), right = nodes.Add("Input", Input.Operation, shape);
        nodes.Add(
            "Function",
            new ElementFunction(
                Expression.Select(b > 0, a, -a), EquatableArray.Of(new ElementInput(a, shape), new ElementInput(b, shape)),
                EquatableArray<ElementParameter>.Empty),
            shape, left, right);
        return GraphOf(nodes, TrainingLayout.SampleLanes);
    }

    private static NetworkGraph GraphOf(List<Node> nodes, TrainingLayout layout) => new(
        nodes.ToEquatableArray(), EquatableArray.Of(new NetworkOutput("", nodes.Count - 1)), EquatableArray<NetworkLoss>.Empty,
        new NetworkSettings { InputGradient = true, TrainingLayout = (Compiler.Graph.TrainingLayout)layout })
    {
        HasExternalLoss = true,
    };

    private static Case Scaled(string name, Shape shape) => new(
        name, [shape], [new("scale", true, 0.5), new("slope", false, 0.75)],
        v => v[1] * Tanh(v[2] * v[0]),
        v => v[1] * Math.Tanh(v[2] * v[0]),
        v =>
        {
            double tanh = Math.Tanh(v[2] * v[0]), slope = v[1] * (1 - (tanh * tanh));
            return [slope * v[2], tanh, slope * v[0]];
        });

    private static Case Gate(string name, Shape left, Shape right) => new(
        name, [left, right], [],
        v => v[0] * Sigmoid(v[1]),
        v => v[0] * Logistic(v[1]),
        v => [Logistic(v[1]), v[0] * Logistic(v[1]) * Logistic(-v[1])]);

    private static Case Mixed(string name, Shape left, Shape right) => new(
        name, [left, right], [new("weight", true, 1), new("class", false, -0.5)],
        v => (v[2] * v[0] * v[1]) + (v[3] * Expression.Select(v[0] > v[1], v[0], v[1])),
        v => (v[2] * v[0] * v[1]) + (v[3] * Math.Max(v[0], v[1])),
        v =>
        [
            (v[2] * v[1]) + (v[0] > v[1] ? v[3] : 0), (v[2] * v[0]) + (v[0] > v[1] ? 0 : v[3]), v[0] * v[1], Math.Max(v[0], v[1]),
        ]);

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private sealed record NumberCase(string Suffix, bool PerChannel, double Initial);

    /// <summary>
    /// A formula of the inputs' elements and of the numbers behind them; the same in double precision, and its derivatives by all of them.
    /// </summary>
    private sealed record Case(
        string Name, Shape[] Shapes, NumberCase[] Numbers, Func<Expression[], Expression> Formula, Func<double[], double> Value,
        Func<double[], double[]> Gradients)
    {
        /// <summary>
        /// Inputs, numbers and values are at most 1 in magnitude, and there are less than 32 roundings.
        /// </summary>
        private const double Rounding = 32 * Oracle.Numbers.U;

        /// <summary>The bound of a long sum, for each of the magnitudes that it adds.</summary>
        private const double SumRounding = 64 * Oracle.Numbers.U;

        private const string Kind = "Function";

        private static readonly int[] Batches = [1, 3, Samples];

        private readonly Lazy<ElementFunction> _function = new(() => Function(Shapes, Numbers, Formula));
        private readonly ConcurrentDictionary<int, Expectation> _expected = new();

        /// <summary>Behind the inputs and, where they have channels, a convolution of each.</summary>
        public string LayerName => Kind.ToLowerInvariant() + (Shapes.Length * (Shapes[0].Rank == 1 ? 1 : 2) + 1);

        private Shape Result => _function.Value.Result;

        private int InputLength => Shapes.Sum(shape => shape.Length);

        private float[] Inputs => Oracle.Formula.Uniforms(11, Samples * InputLength);

        private float[] OutputGradient => Oracle.Formula.Uniforms(12, Samples * Result.Length);

        /// <summary>The numbers after training, as it were: others than the initial ones.</summary>
        private float[][] Values => [.. Numbers.Select((number, i) =>
            Oracle.Formula.Uniforms(20 + (ulong)i, number.PerChannel ? Result.Channels : 1))];

        /// <summary>Each input that has channels goes through an identity, so that it lies as a convolution leaves it.</summary>
        public NetworkGraph Graph(TrainingLayout layout)
        {
            List<Node> nodes = [];
            Node[] inputs = [.. Shapes.Select(shape => nodes.Add("Input", Input.Operation, shape))];
            Node[] read = [.. inputs.Select(input => input.Shape.Rank == 1 ? input
                : nodes.Add(
                    "Conv", new Convolution(input.Shape.Channels, WindowAxis.One, WindowAxis.One, Groups: 1, Bias: false),
                    input.Shape, input))];
            nodes.Add(Kind, _function.Value, Result, read);
            return GraphOf(nodes, layout);
        }

        public void Check(CompiledType type, Isa isa, string layout)
        {
            int inputLength = InputLength, outputLength = Result.Length;
            float[] inputs = Inputs, dy = OutputGradient;
            float[][]? gradientsOfOneThread = null;
            foreach (int threads in new[] { 1, 3 })
            {
                using CompiledNetwork network = type.Create(isa, threads);
                Parameter[] numbers =
                    [.. Numbers.Select(number => network.Parameters.Single(p => p.Key == $"{LayerName}.{number.Suffix}"))];
                Fill(network, numbers);
                using Trainer trainer = CompiledType.CreateTrainer(network, Samples, new Sgd(0.1));
                foreach (int batch in Batches.Where(batch => threads == 1 || batch == Samples))
                {
                    string what = $"{Name}, {layout}, {isa}, {batch} samples, {threads} threads";
                    Expectation expected = _expected.GetOrAdd(batch, count => new Expectation(this, count));
                    float[] y = new float[batch * outputLength], dx = new float[batch * inputLength];
                    network.Forward(inputs.AsSpan(0, batch * inputLength), y);
                    expected.CheckOutputs(y, what);
                    trainer.Forward(inputs.AsSpan(0, batch * inputLength), y);
                    expected.CheckOutputs(y, what + ", in training");
                    trainer.Backward(dy.AsSpan(0, batch * outputLength), dx);
                    expected.CheckInputGradients(dx, what);
                    float[][] gradients = [.. numbers.Select(number => Gradient(trainer, number))];
                    expected.CheckNumberGradients(gradients, what);
                    if (batch == Samples)
                    {
                        gradientsOfOneThread ??= [dx, .. gradients];
                        Assert.Equal(gradientsOfOneThread, [dx, .. gradients]);
                    }
                }
            }
        }

        /// <summary>Makes convolutions identities, checks the initial values of the numbers, and replaces them.</summary>
        private void Fill(CompiledNetwork network, Parameter[] numbers)
        {
            foreach (Parameter weight in network.Parameters.Except(numbers))
            {
                int channels = weight.Shape[0];
                weight.CopyFrom([.. Enumerable.Range(0, weight.Length).Select(i => i % (channels + 1) == 0 ? 1f : 0)]);
            }

            for (int i = 0; i < numbers.Length; i++)
            {
                float[] values = new float[numbers[i].Length];
                numbers[i].CopyTo(values);
                Assert.All(values, value => Assert.Equal((float)Numbers[i].Initial, value));
                numbers[i].CopyFrom(Values[i]);
            }
        }

        private static ElementFunction Function(Shape[] shapes, NumberCase[] numbers, Func<Expression[], Expression> formula)
        {
            ElementInput[] inputs = [.. shapes.Select((shape, i) => new ElementInput(new Variable($"x{i}"), shape))];
            ElementParameter[] trained =
                [.. numbers.Select((n, i) => new ElementParameter(new Variable($"w{i}"), n.Suffix, n.Initial, n.PerChannel)
                {
                    KernelName = $"trained{i}",
                })];
            return new ElementFunction(
                formula([.. inputs.Select(i => i.Variable), .. trained.Select(n => n.Variable)]), inputs.ToEquatableArray(),
                trained.ToEquatableArray());
        }

        private static float[] Gradient(Trainer trainer, Parameter parameter)
        {
            float[] gradient = new float[parameter.Length];
            trainer.CopyGradientTo(parameter, gradient);
            return gradient;
        }

        /// <summary>What a batch gives, and the magnitudes of what is summed.</summary>
        private sealed class Expectation
        {
            private readonly double[] _outputs;
            private readonly (double Sum, double Magnitude, double Weight)[] _ofInputs;
            private readonly (double Sum, double Magnitude, double Weight)[][] _ofNumbers;

            public Expectation(Case of, int batch)
            {
                (float[] inputs, float[] dy, float[][] numbers, Shape result) = (of.Inputs, of.OutputGradient, of.Values, of.Result);
                int inputLength = of.InputLength;
                _outputs = new double[batch * result.Length];
                _ofInputs = new (double, double, double)[batch * inputLength];
                _ofNumbers = [.. numbers.Select(values => new (double, double, double)[values.Length])];
                for (int i = 0; i < _outputs.Length; i++)
                {
                    (int sample, int element) = Math.DivRem(i, result.Length);
                    int channel = element / (result.Length / result.Channels);
                    int[] places = PlacesOf(of, result, element, sample * inputLength);
                    int[] own = [.. numbers.Select(values => values.Length == 1 ? 0 : channel)];
                    double[] at = [.. places.Select(place => (double)inputs[place]), .. own.Select((c, k) => (double)numbers[k][c])];
                    _outputs[i] = of.Value(at);
                    double[] slopes = of.Gradients(at);
                    for (int k = 0; k < places.Length; k++)
                    {
                        Add(ref _ofInputs[places[k]], dy[i], slopes[k]);
                    }

                    for (int k = 0; k < own.Length; k++)
                    {
                        Add(ref _ofNumbers[k][own[k]], dy[i], slopes[places.Length + k]);
                    }
                }
            }

            public void CheckOutputs(float[] y, string what) => Check(
                [.. _outputs.Select(value => (value, 0.0, 1.0))], y, "output of " + what);

            public void CheckInputGradients(float[] dx, string what) => Check(_ofInputs, dx, "gradient of the inputs of " + what);

            public void CheckNumberGradients(float[][] gradients, string what)
            {
                for (int k = 0; k < gradients.Length; k++)
                {
                    Check(_ofNumbers[k], gradients[k], $"gradient of number {k} of {what}");
                }
            }

            private static void Add(ref (double Sum, double Magnitude, double Weight) sum, double dy, double slope) => sum =
                (sum.Sum + (dy * slope), sum.Magnitude + Math.Abs(dy * slope), sum.Weight + Math.Abs(dy));

            private static void Check((double Sum, double Magnitude, double Weight)[] expected, float[] actual, string what)
            {
                Assert.Equal(expected.Length, actual.Length);
                for (int i = 0; i < actual.Length; i++)
                {
                    double tolerance = (Rounding * expected[i].Weight) + (SumRounding * expected[i].Magnitude);
                    Assert.True(Math.Abs(actual[i] - expected[i].Sum) <= tolerance,
                        $"{what}, at {i}: {actual[i]:R} instead of {expected[i].Sum:R}, tolerance {tolerance:E1}");
                }
            }

            /// <summary>Where an element of the result finds its elements in a sample.</summary>
            private static int[] PlacesOf(Case of, Shape result, int element, int start)
            {
                int x = element % result.Width, y = element / result.Width % result.Height,
                    z = element / (result.Width * result.Height) % result.Depth, c = element / (result.Length / result.Channels);
                var places = new List<int>();
                foreach (Shape shape in of.Shapes)
                {
                    static int In(int extent, int index) => extent == 1 ? 0 : index;
                    places.Add(start + (((((In(shape.Channels, c) * shape.Depth) + In(shape.Depth, z)) * shape.Height)
                        + In(shape.Height, y)) * shape.Width) + In(shape.Width, x));
                    start += shape.Length;
                }

                return [.. places];
            }
        }
    }
}
