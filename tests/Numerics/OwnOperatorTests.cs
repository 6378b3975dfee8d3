using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Layers and losses that a project declares as methods: values and gradients in each tier and training layout, against the same function
/// in double precision and its differences.
/// </summary>
public class OwnOperatorTests
{
    private static readonly int[] Batches = [1, 5, 17];

    private static readonly Case[] Cases =
    [
        new("BetaMish(1.5)", (x, _) => x[0] * Math.Tanh(Math.Log(1 + Math.Exp(1.5 * x[0])))),
        new("Pieces", (x, _) => Pieces(x[0])),
        new("Snake(2)", (x, _) => x[0] + (Math.Pow(Math.Sin(2 * x[0]), 2) / 2)),
        new("Cubed", (x, _) => Math.Pow(Pieces(x[0]), 3)),
        new("Ramp(3)", (x, _) => Math.Clamp((x[0] / 3) + 0.5, 0, 1)),
        new("Gate(Tensors = [\"a\", \"b\"])", (x, _) => x[0] / (1 + Math.Exp(-x[1]))) { Inputs = 2 },
        new("Larger(Tensors = [\"a\", \"b\"])", (x, _) => Math.Max(x[0], x[1]) + (0.5 * Math.Min(x[0], x[1]))) { Inputs = 2 },
        new("Waves(Tensors = [\"a\", \"b\"])", (x, _) => Math.Pow(Math.Sin(x[0] * x[1]), 2) + (x[0] * x[0] * x[1]) + x[1]) { Inputs = 2 },
        new("Slopes(0.1)", (x, w) => x[0] > 0 ? x[0] : w * x[0]) { Initial = 0.1, Parameters = Case.Channels },
        new("TrainedSwish", (x, w) => x[0] / (1 + Math.Exp(-w * x[0]))) { Initial = 1, Parameters = 1 },
    ];

    private static readonly string[] Layouts = ["SampleLanes", "Blocked"];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [
            .. Cases.SelectMany((c, i) => Layouts.Select(layout => c.Declaration($"Own{i}{layout}", layout))),
            "public sealed class ShrinkAttribute : ElementwiseAttribute\n"
                + "{ public static float Value(float x) => x - System.MathF.Tanh(x); }",
            Twin("Own", "Shrink"), Twin("BuiltIn", "Tanhshrink"),
            .. Joined("Conv2D(16, 3, Padding = 1", "16, 9, 9"), .. Joined("Conv2D(2, 3, Padding = 1", "2, 9, 21"),
            "[Network(InputGradient = true), Input(6), ReLU, LogCosh] public partial class Loss;",
        ],
        "OwnOperators"));

    public static TheoryData<string, int, Isa> AllInAllTiers
    {
        get
        {
            var data = new TheoryData<string, int, Isa>();
            for (int i = 0; i < Cases.Length; i++)
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    data.Add(Cases[i].Use, i, isa);
                }
            }

            return data;
        }
    }

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllInAllTiers))]
    public void Values_and_gradients_are_those_of_the_method_in_double_precision(string use, int number, Isa isa)
    {
        foreach (string layout in Layouts)
        {
            using CompiledNetwork network = Compiled.Value[$"Own{number}{layout}"].Create(isa);
            using Trainer trainer = CompiledType.CreateTrainer(network, Batches[^1], new Sgd(0.1));
            foreach (int batch in Batches)
            {
                Check(Cases[number], network, trainer, batch, $"{use}, {isa}, {layout}, {batch} samples");
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Between_a_convolution_and_its_pooling_an_operator_has_the_results_of_its_built_in_twin(Isa isa)
    {
        using CompiledNetwork own = Compiled.Value["Own"].Create(isa, seed: 7), builtIn = Compiled.Value["BuiltIn"].Create(isa, seed: 7);
        float[] input = Oracle.Formula.Uniforms(3, own.InputLength);
        float[] ofOwn = new float[own.OutputLength], ofBuiltIn = new float[own.OutputLength];
        own.Forward(input, ofOwn);
        builtIn.Forward(input, ofBuiltIn);
        Assert.Equal(ofBuiltIn, ofOwn);
    }

    /// <summary>A tensor that is an output, too, has to be stored: its layer cannot join the other one.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void What_a_convolution_joins_has_the_results_of_a_join_by_itself(Isa isa)
    {
        foreach (string channels in new[] { "16", "2" })
        {
            float[] Outputs(string name)
            {
                using CompiledNetwork network = Compiled.Value[name + channels].Create(isa, seed: 7);
                float[] outputs = new float[network.OutputLength];
                network.Forward(Oracle.Formula.Uniforms(3, network.InputLength), outputs);
                return outputs;
            }

            float[] ofAll = Outputs("Apart"), own = Outputs("OwnFirst"), other = Outputs("OwnSecond");
            Assert.Equal(ofAll[^(2 * own.Length)..], own.Concat(other));
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_loss_and_its_gradient_are_those_of_the_method_in_double_precision(Isa isa)
    {
        const int Samples = 5, Outputs = 6;
        using CompiledNetwork network = Compiled.Value["Loss"].Create(isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, Samples, new Sgd(0.1));
        float[] inputs = [.. Oracle.Formula.Uniforms(1, Samples * Outputs).Select(x => Math.Abs(x) * 60)];
        float[] targets = [.. Oracle.Formula.Uniforms(2, Samples * Outputs).Select(t => t * 60)];
        double expected = inputs.Zip(targets, (x, t) => LogCosh(x - t)).Average();
        Assert.Equal(expected, trainer.ComputeGradients(inputs, [], targets), 64 * Oracle.Numbers.U * expected);

        static double LogCosh(double d) => Math.Abs(d) + Math.Log(1 + Math.Exp(-2 * Math.Abs(d))) - Math.Log(2);
    }

    private static void Check(Case c, CompiledNetwork network, Trainer trainer, int batch, string what)
    {
        const int Length = Case.Length;
        float[] x = [.. Oracle.Formula.Uniforms((ulong)batch, batch * Length * c.Inputs).Select(value => value * 3)];
        float[] dy = Oracle.Formula.Uniforms((ulong)batch + 50, batch * Length), y = new float[batch * Length], dx = new float[x.Length];
        trainer.Forward(x, y);
        trainer.Backward(dy, dx);
        double[] ofParameters = new double[c.Parameters];
        for (int sample = 0; sample < batch; sample++)
        {
            for (int i = 0; i < Length; i++)
            {
                double[] at = [.. Enumerable.Range(0, c.Inputs).Select(input => (double)x[c.IndexOf(sample, input, i)])];
                double g = dy[(sample * Length) + i];
                Close(c.Value(at, c.Initial), y[(sample * Length) + i], 1, what);
                for (int input = 0; input < c.Inputs; input++)
                {
                    double slope = Difference(h => c.Value([.. at.Select((value, k) => k == input ? value + h : value)], c.Initial));
                    Close(g * slope, dx[c.IndexOf(sample, input, i)], 1, "gradient of " + what);
                }

                if (c.Parameters > 0)
                {
                    ofParameters[c.Parameters == 1 ? 0 : i / Case.Pixels] += g * Difference(h => c.Value(at, c.Initial + h));
                }
            }
        }

        if (c.Parameters > 0)
        {
            float[] gradient = new float[c.Parameters];
            trainer.CopyGradientTo(network.Parameters[0], gradient);
            for (int i = 0; i < gradient.Length; i++)
            {
                // A sum of as many terms as there are elements for the number.
                Close(ofParameters[i], gradient[i], batch * Length / c.Parameters, "gradient of a number of " + what);
            }
        }
    }

    /// <summary>A few units in the last place for each term, and the error of the differences.</summary>
    private static void Close(double expected, double actual, int terms, string what) => Assert.True(
        Math.Abs(expected - actual) <= (1e-8 * terms) + (64 * Oracle.Numbers.U * (1 + Math.Abs(expected)) * Math.Sqrt(terms)),
        $"{what}: {actual:R} instead of {expected:R}");

    private static double Difference(Func<double, double> f)
    {
        const double Step = 1e-5;
        return (f(Step) - f(-Step)) / (2 * Step);
    }

    private static double Pieces(double x) => x < -1 ? 0 : x > 1 ? x * x : 0.5 * (x + 1);

    private static string Twin(string name, string layer) =>
        $"[Network, Input(3, 10, 10), Conv2D(32, 3), {layer}, MaxPool2D(2)] public partial class {name};";

    /// <summary>
    /// Gates of a convolution and its input in both orders: each by itself, and both behind a tensor that is an output.
    /// Winograd's algorithm, which only some of them may choose, would sum in another order.
    /// </summary>
    private static IEnumerable<string> Joined(string convolution, string input)
    {
        string channels = input.Split(',')[0], layers = $"Input({input}, Name = \"x\"), {convolution}, Name = \"c\")";
        const string First = "Gate(Tensors = [\"c\", \"x\"])", Second = "Gate(Tensors = [\"x\", \"c\"])";
        yield return $"[Network(Winograd = false), {layers}, {First}] public partial class OwnFirst{channels};";
        yield return $"[Network(Winograd = false), {layers}, {Second}] public partial class OwnSecond{channels};";
        yield return $"[Network(Winograd = false), {layers}, Output(\"o\"), {First}, Output(\"first\"), {Second}, Output(\"second\")] "
            + $"public partial class Apart{channels};";
    }

    /// <param name="Use">The layer as networks write it.</param>
    /// <param name="Value">Its function of the elements of its inputs, and of a trained number.</param>
    private sealed record Case(string Use, Func<double[], double, double> Value)
    {
        /// <summary>A whole vector of channels in each tier, and rows that fill none.</summary>
        public const int Channels = 16, Pixels = 15, Length = Channels * Pixels;

        public int Inputs { get; init; } = 1;

        public double Initial { get; init; }

        public int Parameters { get; init; }

        /// <summary>The place of an element in the batch: a sample's inputs lie one behind the other.</summary>
        public int IndexOf(int sample, int input, int element) => (((sample * Inputs) + input) * Length) + element;

        public string Declaration(string name, string layout) =>
            $"[Network(InputGradient = true, TrainingLayout = TrainingLayout.{layout})]\n"
            + (Inputs == 1 ? "[Input(16, 3, 5)]" : "[Input(16, 3, 5, Name = \"a\"), Input(16, 3, 5, Name = \"b\")]")
            + $"\n[{Use}, ExternalLoss]\npublic partial class {name};";
    }
}
