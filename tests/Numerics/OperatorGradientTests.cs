using System;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Numerics.Tests.Oracle;
using Strata.Tests;
using Strata.Training;
using Xunit;
using Xunit.Sdk;

namespace Strata.Numerics.Tests;

/// <summary>
/// The cases of all operators, in every tier and layout of training: outputs are the same in all of them, and gradients agree with finite
/// differences. A usual run tries one case of so many; <c>STRATA_ALL_CASES=1</c> tries them all.
/// </summary>
public partial class OperatorGradientTests
{
    private const int Stride = 24, Batch = 3;

    /// <summary>So many cases are compiled together.</summary>
    private const int Together = 20;

    /// <summary>Where nothing random is drawn: single precision against itself in another order of sums.</summary>
    private const float Tolerance = 2e-5f;

    /// <summary>
    /// An element that is the maximum of two windows goes to one place from both. Each of the two gets the gradient of that place, but a
    /// difference of one of them shows nothing, or all of it.
    /// </summary>
    private static readonly string[] CountsTwice =
    [
        "MaxPool2D(3, Stride = 2), MaxUnpool2D(\"pool1\")",
        "MaxPool2D(3, Stride = 2, Padding = 1, Name = \"pool\"), Sigmoid, MaxUnpool2D(\"pool\")",
    ];

    /// <summary>Joins that pass no gradient on. If a network ends with one, Backward says so.</summary>
    private static readonly string[] WithoutGradient = ["And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Or", "Xor"];

    private static readonly TrainingLayout[] Layouts = [TrainingLayout.Blocked, TrainingLayout.SampleLanes];

    private static readonly Compiler.Catalogue.OperatorCase[] Cases =
        [.. AllCases.Of(CatalogueCases.All, Stride)];

    private static readonly Lazy<CompiledNetworks>[] Compiled =
    [
        .. Cases.Select((one, i) => (Case: one, Number: i)).Chunk(Together).Select((some, k) => new Lazy<CompiledNetworks>(
            () => NetworkCompiler.Compile(
                [
                    .. some.SelectMany(one => Layouts.Select(layout => Declare(one.Case, layout, one.Number))),
                    CatalogueCases.OthersOf(some.Select(one => one.Case)),
                ],
                $"Operators{k}"))),
    ];

    public static TheoryData<int, string> All => [.. Cases.Select((one, i) => (i, one.Stack))];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_tier_and_layout_has_the_same_outputs_and_gradients_that_agree_with_finite_differences(int index, string stack)
    {
        float[]? expected = null;
        foreach (TrainingLayout layout in Layouts)
        {
            foreach (Isa isa in Tiers.Supported)
            {
                using CompiledNetwork network = Compiled[index / Together].Value[$"{layout}{index}"].Create(isa, seed: 9);
                var check = new Check(network, $"{stack}, {isa}, {layout}");
                float[] outputs = check.Outputs();
                expected ??= outputs;
                float largest = expected.Max(MathF.Abs);
                Assert.All(outputs, (y, i) => Assert.Equal(expected[i], y, Tolerance * largest));
                if (CountsTwice.Any(layers => stack.EndsWith(layers, StringComparison.Ordinal)))
                {
                    Assert.ThrowsAny<XunitException>(check.Gradients);
                }
                else if (WithoutGradient.Contains(LastKind().Match(stack).Value))
                {
                    Assert.Contains(
                        "its outputs have no derivative", Assert.Throws<InvalidOperationException>(check.Gradients).Message,
                        StringComparison.Ordinal);
                }
                else
                {
                    check.Gradients();
                }
            }
        }
    }

    /// <summary>The layer that a stack ends with.</summary>
    [GeneratedRegex(@"\w+(?=(\([^()]*\))?$)")]
    private static partial Regex LastKind();

    private static string Declare(Compiler.Catalogue.OperatorCase one, TrainingLayout layout, int number) =>
        $"[Network(InputGradient = true, TrainingLayout = TrainingLayout.{layout}), {CatalogueCases.Trained(one)}]\n"
        + $"public partial class {layout}{number};\n";

    /// <summary>One network: its loss, or a random sum of its outputs, as a function of its input and its parameters.</summary>
    private sealed class Check
    {
        private const int Jitters = 8;

        /// <summary>Steps are short, since a ReLU has a kink at each output of the convolution before it.</summary>
        private const int Shorter = 32;

        private const ulong InputStream = 900, ParameterStream = 901, TargetStream = 902, GradientStream = 903, JitterStream = 910;

        private readonly CompiledNetwork _network;
        private readonly string _what;
        private readonly float[] _inputs, _outputs, _outputGradient, _values;
        private readonly int[] _classes;

        public Check(CompiledNetwork network, string what)
        {
            (_network, _what) = (network, what);
            int length = network.InputLength;
            _inputs = [.. Enumerable.Range(0, Batch).SelectMany(n => FiniteDifferences.Separated(length, 1, InputStream + (ulong)n))];
            _outputs = new float[Batch * network.OutputLength];
            _outputGradient = Formula.Uniforms(GradientStream, _outputs.Length);
            NetworkInfo info = network.Info;
            _classes =
            [
                .. Enumerable.Range(0, Batch * info.ClassTargetLength)
                    .Select(n => Formula.Class(TargetStream, n, info.Outputs[^1].Shape[0])),
            ];
            _values = [.. Formula.Uniforms(TargetStream + 1, Batch * info.ValueTargetLength).Select(t => (t + 1) / 2)];
            FillBiases();
        }

        public float[] Outputs()
        {
            _network.Forward(_inputs, _outputs);
            return [.. _outputs];
        }

        public void Gradients()
        {
            using Trainer trainer = CompiledType.CreateTrainer(_network, Batch, new Sgd(0.1));
            bool throughLoss = _classes.Length + _values.Length > 0;
            double deviation = Deviation();
            Value();
            float[] inputGradient = new float[_inputs.Length];
            if (!throughLoss)
            {
                trainer.Backward(_outputGradient, inputGradient);
            }

            Parameter[] parameters = [.. _network.Parameters.Where(parameter => parameter.IsTrainable)];
            float[][] gradients = [.. parameters.Select(parameter => GradientOf(trainer, parameter))];
            if (!throughLoss)
            {
                Along(_inputs, inputGradient, _ => { }, "input");
            }

            foreach ((Parameter parameter, float[] gradient) in parameters.Zip(gradients))
            {
                float[] weights = new float[parameter.Length];
                parameter.CopyTo(weights);
                Along(weights, gradient, moved => parameter.CopyFrom(moved), parameter.Key);
            }

            void Along(float[] tensor, float[] gradient, Action<float[]> apply, string of) => FiniteDifferences.CheckAlong(
                tensor, gradient, apply, Value, deviation, 1.0 / (Shorter * _network.InputLength), () => $"{of} of {_what}");

            double Value()
            {
                // One function: the same elements are dropped each time.
                trainer.State.Passes = 0;
                if (throughLoss)
                {
                    return trainer.ComputeGradients(_inputs, _classes, _values);
                }

                trainer.Forward(_inputs, _outputs);
                return _outputs.Zip(_outputGradient, (y, g) => (double)y * g).Sum();
            }

            // Of the rounding of one value: what it does when each input moves by about its own rounding.
            double Deviation()
            {
                float[] start = [.. _inputs];
                double[] values = new double[Jitters];
                for (int k = 0; k < Jitters; k++)
                {
                    float[] moves = Formula.Uniforms(JitterStream + (ulong)k, start.Length);
                    for (int i = 0; i < start.Length; i++)
                    {
                        _inputs[i] = (float)(start[i] * (1 + (4 * Numbers.U * moves[i])));
                    }

                    values[k] = Value();
                }

                start.CopyTo(_inputs, 0);
                double mean = values.Average();
                return Math.Sqrt(
                    (values.Sum(value => (value - mean) * (value - mean)) / (Jitters - 1)) + (Numbers.U * Numbers.U * mean * mean));
            }
        }

        /// <summary>Parameters that begin as one number for all channels become different ones.</summary>
        private void FillBiases()
        {
            foreach ((Parameter parameter, int k) in _network.Parameters.Select((parameter, k) => (parameter, k)))
            {
                float[] values = new float[parameter.Length];
                parameter.CopyTo(values);
                if (values.Distinct().Count() == 1)
                {
                    float[] noise = Formula.Uniforms(ParameterStream + (ulong)k, values.Length);
                    parameter.CopyFrom([.. values.Select((value, i) => value + (0.25f * noise[i]))]);
                }
            }
        }

        private static float[] GradientOf(Trainer trainer, Parameter parameter)
        {
            float[] gradient = new float[parameter.Length];
            trainer.CopyGradientTo(parameter, gradient);
            return gradient;
        }
    }
}
