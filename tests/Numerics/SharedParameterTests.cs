using System;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;
using static Strata.Numerics.Tests.ParameterValues;

namespace Strata.Numerics.Tests;

/// <summary>
/// Layers that use another one's parameters, against the same network whose layers have their own with the same values: outputs agree, and
/// the gradients are the sums of those of the layers.
/// </summary>
public sealed partial class SharedParameterTests
{
    private const int Batch = 21;
    private const float Tolerance = 1e-5f;

    private static readonly (string Name, string Layers)[] Cases =
    [
        ("two convolutions", """
            [Input(6, 7, 9), Conv2D(6, 3, Padding = 1, Name = "a"), Tanh, Conv2D(6, 3, Weights = "a"), MeanSquaredError]
            """),
        ("three convolutions", """
            [Input(20, 6, 6), Conv2D(20, 3, Padding = 1, Name = "a"), Tanh, Conv2D(20, 3, Padding = 1, Weights = "a"), Tanh]
            [Conv2D(20, 3, Dilation = 2, Weights = "a"), MeanSquaredError]
            """),
        ("taps that one layer leaves out", """
            [Input(16, 9, 9), Conv2D(16, 3, Padding = 1, Name = "a"), Tanh, Conv2D(16, 3, Dilation = 12, Padding = 12, Weights = "a"), Tanh]
            [Conv2D(16, 3, Dilation = 7, Padding = 7, Weights = "a"), MeanSquaredError]
            """),
        ("taps that the owner leaves out", """
            [Input(6, 9, 9), Conv2D(6, 3, Dilation = 12, Padding = 12, Name = "a"), Tanh, Conv2D(6, 3, Padding = 1, Weights = "a")]
            [MeanSquaredError]
            """),
        ("at two sizes", """
            [Input(5, 8, 8), Conv2D(16, 3, Padding = 1, Name = "p3"), Conv2D(16, 3, Stride = 2, Padding = 1, Name = "p4")]
            [Conv2D(19, 3, Padding = 1, Name = "head", From = "p3"), Flatten, Dense(4), Output("small"), MeanSquaredError]
            [Conv2D(19, 3, Padding = 1, From = "p4", Weights = "head"), Flatten, Dense(4), Output("large"), MeanSquaredError]
            """),
        ("two branches of a picture and another", """
            [Input(3, 12, 12, Name = "one"), Input(3, 12, 12, Name = "two")]
            [Conv2D(8, 3, From = "one", Name = "conv"), ReLU, MaxPool2D(2), Flatten, Dense(5, Name = "dense")]
            [Conv2D(8, 3, From = "two", Weights = "conv"), ReLU, MaxPool2D(2), Flatten, Dense(5, Weights = "dense", Name = "dense_1")]
            [Multiply("dense", "dense_1"), Dense(2), CrossEntropy]
            """),
        ("dense layers with many units", """
            [Input(90), Dense(90, Name = "a"), Tanh, Dense(90, Weights = "a"), Tanh, Dense(90, Weights = "a"), Dense(3), CrossEntropy]
            """),
        ("dense layers without bias", """
            [Input(7), Dense(7, Bias = false, Name = "a"), Tanh, Dense(7, Bias = false, Weights = "a"), MeanSquaredError]
            """),
        ("dense layers of tokens", """
            [Input(12, 5), Dense(12, OverChannels = true, Name = "a"), GELU, Dense(12, OverChannels = true, Weights = "a")]
            [MeanSquaredError]
            """),
        ("depthwise and grouped", """
            [Input(12, 6, 6), Conv2D(12, 3, Padding = 1, Groups = 12, Name = "a"), Tanh]
            [Conv2D(12, 3, Padding = 1, Groups = 12, Weights = "a"), Conv2D(12, 1, Groups = 3, Name = "b"), Tanh]
            [Conv2D(12, 1, Groups = 3, Weights = "b"), MeanSquaredError]
            """),
        ("transposed", """
            [Input(6, 4, 4), ConvTranspose2D(6, 3, Name = "a"), Tanh, ConvTranspose2D(6, 3, Stride = 2, Weights = "a"), MeanSquaredError]
            """),
        ("one axis and three", """
            [Input(4, 11), Conv1D(4, 3, Name = "a"), Tanh, Conv1D(4, 3, Weights = "a"), Reshape(4, 1, 1, 7)]
            [Conv3D(4, 1, Name = "b"), Tanh, Conv3D(4, 1, Weights = "b"), MeanSquaredError]
            """),
        ("norms and slopes", """
            [Input(8, 5, 5), GroupNorm(2, Name = "a"), PReLU(Name = "b"), GroupNorm(2, Weights = "a"), PReLU(Weights = "b")]
            [MeanSquaredError]
            """),
        ("norms of tokens, and scales", """
            [Input(8, 5), LayerNorm(OverChannels = true, Name = "a"), Scale(Name = "b"), LayerNorm(OverChannels = true, Weights = "a")]
            [Scale(Weights = "b"), MeanSquaredError]
            """),
        ("attention", """[Input(8, 9), Attention(2, Name = "a"), Tanh, Attention(4, Weights = "a"), MeanSquaredError]"""),
        ("attention to other tokens", """
            [Input(8, 9, Name = "x"), Input(8, 5, Name = "c"), Attention(2, Context = "c", From = "x", Name = "a"), Tanh]
            [Attention(4, Context = "c", Weights = "a"), MeanSquaredError]
            """),
        ("windows", """
            [Input(8, 6, 6), ShiftedWindowAttention(2, 3, Name = "a"), Tanh, ShiftedWindowAttention(2, 3, Shift = 1, Weights = "a")]
            [MeanSquaredError]
            """),
        ("recurrent", """
            [Input(4, 6), LSTM(4, Name = "a"), LSTM(4, Weights = "a"), GRU(4, Name = "b"), GRU(4, Weights = "b"), MeanSquaredError]
            """),
        ("a chain of names", """
            [Input(6, 7), Conv1D(6, 3, Name = "a"), Tanh, Conv1D(6, 3, Padding = 1, Weights = "a", Name = "a_b"), Tanh]
            [Conv1D(6, 3, Weights = "a_b"), MeanSquaredError]
            """),
        ("frozen", """
            [Input(6, 7), Conv1D(6, 3, Name = "c"), Conv1D(6, 3, Name = "a", Frozen = true), BatchNorm(Name = "n", Frozen = true), Tanh]
            [Conv1D(6, 3, Weights = "a"), BatchNorm(Weights = "n"), MeanSquaredError]
            """),
        ("only in training", """
            [Input(6, 7), Conv1D(6, 3, Padding = 1, Name = "a"), Tanh(Name = "features"), Conv1D(6, 3, Padding = 1, Weights = "a")]
            [MeanSquaredError(Target = "aside"), Conv1D(6, 3, From = "features", Name = "b"), Tanh, Conv1D(6, 3, Weights = "b"), Output]
            [MeanSquaredError]
            """),
        ("owned by a layer that is only in training", """
            [Input(6, 7), Conv1D(16, 3, Name = "features"), Conv1D(16, 3, Name = "a"), MeanSquaredError(Target = "aside")]
            [Tanh(From = "features"), Conv1D(16, 3, Weights = "a"), Output, MeanSquaredError]
            """),
        ("blocks", """
            [Input(6, 8, 8), Head(6, Name = "head"), Head(6, Weights = "head"), Stack(6, Name = "stack"), Stack(6, Weights = "stack")]
            [MeanSquaredError]
            """),
    ];

    private static readonly TrainingLayout[] Layouts = [TrainingLayout.SampleLanes, TrainingLayout.Blocked];

    private static readonly string[] Blocks =
    [
        """
        [Conv2D(Filters, 3, Padding = 1, Name = "conv"), GroupNorm(2), ReLU, Conv2D(Filters, 1)]
        public sealed class HeadAttribute : BlockAttribute
        {
            private const int Filters = 6;
            public HeadAttribute(int filters) { }
        }
        """,
        """
        [Head(Filters, Name = "first"), Tanh, Head(Filters, Weights = "first"), Conv2D(Filters, 1, Name = "last")]
        public sealed class StackAttribute : BlockAttribute
        {
            private const int Filters = 6;
            public StackAttribute(int filters) { }
        }
        """,
    ];

    private static readonly Lazy<CompiledNetworks>[] Compiled =
    [
        .. Cases.Select((c, i) => new Lazy<CompiledNetworks>(() => NetworkCompiler.Compile(
            [
                .. from layout in Layouts
                   from shares in new[] { true, false }
                   select $"[Network(InputGradient = true, TrainingLayout = TrainingLayout.{layout})]\n"
                       + $"{(shares ? c.Layers : Apart(c.Layers))}\npublic partial class {(shares ? "Shared" : "Apart")}{layout};",
                .. Blocks,
            ],
            $"SharedParameters{i}"))),
    ];

    public static TheoryData<string, TrainingLayout, Isa> All =>
        [.. from c in Cases from layout in Layouts from isa in Tiers.Supported select (c.Name, layout, isa)];

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_of_shared_parameters_are_sums(string name, TrainingLayout layout, Isa isa)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            using CompiledNetwork shared = Create("Shared"), apart = Create("Apart");
            var owners = shared.Parameters.ToDictionary(parameter => parameter.Key);
            Assert.True(shared.Parameters.Count < apart.Parameters.Count);
            foreach (Parameter parameter in apart.Parameters)
            {
                parameter.CopyFrom(Values(owners[OwnerOf(parameter.Key)]));
            }

            float[] x = Formula.Uniforms(1, Batch * shared.InputLength);
            float[] y = new float[Batch * shared.OutputLength], expected = new float[y.Length];
            shared.Forward(x, y);
            apart.Forward(x, expected);
            Same(expected, y, "outputs", Tolerance);

            const float Rate = 0.125f;
            using Trainer trainer = Trainer.For(shared, Batch, new Sgd(Rate)), other = Trainer.For(apart, Batch, new Sgd(Rate));
            float[] values = Formula.Uniforms(2, Batch * shared.Info.ValueTargetLength);
            int[] classes = [.. Enumerable.Range(0, Batch * shared.Info.ClassTargetLength).Select(i => Formula.Class(3, i, 2))];
            double loss = trainer.ComputeGradients(x, classes, values), otherLoss = other.ComputeGradients(x, classes, values);
            Assert.Equal(otherLoss, loss, Tolerance * Math.Abs(otherLoss));
            foreach (Parameter parameter in shared.Parameters.Where(parameter => parameter.IsTrainable))
            {
                Parameter[] uses = [.. apart.Parameters.Where(use => OwnerOf(use.Key) == parameter.Key)];
                float[] sum = new float[parameter.Length];
                foreach (float[] gradient in uses.Select(use => GradientOf(other, use)))
                {
                    sum = [.. sum.Zip(gradient, (one, two) => one + two)];
                }

                float[] found = GradientOf(trainer, parameter), before = Values(parameter);
                Same(sum, found, $"gradient of {parameter.Key}", Tolerance);
                Assert.Contains(found, g => g != 0);
            }

            float[][] old = [.. shared.Parameters.Select(Values)];
            float[][] gradients = [.. shared.Parameters.Select(p => p.IsTrainable ? GradientOf(trainer, p) : new float[p.Length])];
            trainer.Train(new StepData(x, new Targets(classes, values), default, Batch), accumulate: false, update: true);
            foreach ((Parameter parameter, int i) in shared.Parameters.Select((parameter, i) => (parameter, i)))
            {
                float[] expectedValues = [.. old[i].Zip(gradients[i], (w, g) => w - (Rate * g))];
                Same(expectedValues, Values(parameter), $"{parameter.Key} after a step", Tolerance);
            }

            CompiledNetwork Create(string kind) =>
                Compiled[Array.FindIndex(Cases, c => c.Name == name)].Value[$"{kind}{layout}"].Create(isa, threads, seed: 3);
        }
    }

    /// <summary>The network whose layers have their own parameters.</summary>
    private static string Apart(string layers)
    {
        int uses = 0;
        return SharedName().Replace(layers, match =>
        {
            string owner = match.Groups["owner"].Value;
            bool isFrozen = layers.Contains($"Name = \"{owner}\", Frozen = true", StringComparison.Ordinal);
            return $"Name = \"{owner}_{uses++}\"{(isFrozen ? ", Frozen = true" : "")}";
        });
    }

    /// <summary>The key of the shared parameter.</summary>
    private static string OwnerOf(string key) => Use().Replace(key, "");

    [GeneratedRegex("""Weights = "(?<owner>\w+)"(, Name = "\w+")?""")]
    private static partial Regex SharedName();

    [GeneratedRegex(@"(?<!out)_[^.]*(?=\.)")]
    private static partial Regex Use();
}
