using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;
using static Strata.Numerics.Tests.ParameterValues;

namespace Strata.Numerics.Tests;

/// <summary>
/// Layers that use another one's weight in the opposite direction, against PyTorch, and against the same network whose layers have weights
/// of their own with the same values.
/// </summary>
public sealed partial class TiedWeightTests
{
    private const int Batch = 21;
    private const float Tolerance = 2e-5f;

    private static readonly (string Name, string Layers)[] Cases =
    [
        ("dense", """[Input(12), Dense(7, Name = "a"), Tanh, Dense(12, Tied = "a", Name = "b"), MeanSquaredError]"""),
        ("conv", """
            [Input(3, 8, 8), Conv2D(10, 3, Stride = 2, Padding = 1, Name = "a"), Tanh]
            [ConvTranspose2D(3, 3, Stride = 2, Padding = 1, OutputPadding = 1, Tied = "a", Name = "b"), MeanSquaredError]
            """),
        ("tokens", """
            [Input(12, 5), Dense(7, Bias = false, OverChannels = true, Name = "a"), Tanh]
            [Dense(12, OverChannels = true, Tied = "a", Name = "b"), MeanSquaredError]
            """),
        ("many units", """[Input(150), Dense(90, Name = "a"), Tanh, Dense(150, Tied = "a", Name = "b"), MeanSquaredError]"""),
        ("a square", """[Input(17), Dense(17, Name = "a"), Tanh, Dense(17, Bias = false, Tied = "a", Name = "b"), MeanSquaredError]"""),
        ("a dense layer of tokens and one of a flat tensor", """
            [Input(6, 5), Dense(20, OverChannels = true, Name = "a"), Mean(Axes.Width), Tanh, Dense(6, Tied = "a", Name = "b")]
            [MeanSquaredError]
            """),
        ("two encoders and two decoders", """
            [Input(20), Dense(16, Name = "a"), ReLU, Dense(5, Name = "c"), Tanh, Dense(16, Tied = "c", Name = "d"), ReLU]
            [Dense(20, Tied = "a", Name = "b"), MeanSquaredError]
            """),
        ("two decoders of one encoder", """
            [Input(9), Dense(5, Name = "a"), Tanh, Dense(9, Tied = "a", Name = "b"), Tanh, Dense(5, Weights = "a", Name = "a_use"), Tanh]
            [Dense(9, Tied = "a", Name = "d"), MeanSquaredError]
            """),
        ("groups", """
            [Input(8, 6, 6), Conv2D(12, 3, Groups = 4, Name = "a"), Tanh, ConvTranspose2D(8, 3, Groups = 4, Tied = "a", Name = "b")]
            [MeanSquaredError]
            """),
        ("depthwise", """
            [Input(20, 6, 6), Conv2D(20, 3, Groups = 20, Name = "a"), Tanh, ConvTranspose2D(20, 3, Groups = 20, Tied = "a", Name = "b")]
            [MeanSquaredError]
            """),
        ("full blocks", """
            [Input(16, 9, 9), Conv2D(32, 3, Padding = 1, Name = "a"), ReLU, ConvTranspose2D(16, 3, Padding = 1, Tied = "a", Name = "b")]
            [MeanSquaredError]
            """),
        ("taps that the encoder leaves out", """
            [Input(4, 5, 5), Conv2D(6, 3, Dilation = 7, Padding = 7, Name = "a"), Tanh]
            [ConvTranspose2D(4, 3, Padding = 1, Tied = "a", Name = "b"), MeanSquaredError]
            """),
        ("one axis and three", """
            [Input(4, 11), Conv1D(5, 3, Name = "a"), Tanh, ConvTranspose1D(4, 3, Tied = "a", Name = "b"), Reshape(4, 1, 1, 11)]
            [Conv3D(5, 1, KernelWidth = 2, Name = "c"), Tanh, ConvTranspose3D(4, 1, KernelWidth = 2, Tied = "c", Name = "d")]
            [MeanSquaredError]
            """),
        ("a frozen encoder", """
            [Input(9), Dense(9, Name = "e"), Dense(5, Frozen = true, Name = "a"), Tanh, Dense(9, Tied = "a", Name = "b"), MeanSquaredError]
            """),
        ("blocks", """
            [Input(12), Coder(7, 12, Name = "one"), Tanh, Coder(7, 12, Weights = "one"), Coder(5, 12, Repeat = 2, Name = "more")]
            [MeanSquaredError]
            """),
        ("a block of convolutions", """
            [Input(3, 6, 6), Filtered(10, 3, Name = "one"), Filtered(10, 3, Weights = "one"), MeanSquaredError]
            """),
        ("only in training", """
            [Input(9), Dense(5, Name = "a"), Tanh(Name = "code"), Dense(9, Tied = "a", Name = "b"), MeanSquaredError(Target = "aside")]
            [Dense(4, From = "code", Name = "head"), Output, MeanSquaredError]
            """),
        ("a decoder that is called twice", """
            [Input(9), Dense(5, Name = "a"), Tanh, Dense(9, Tied = "a", Name = "b"), Tanh, Dense(5, Weights = "a", Name = "use"), Tanh]
            [Dense(9, Tied = "a", Weights = "b", Name = "b_use"), MeanSquaredError]
            """),
        ("decoders of an encoder without a gradient", """
            [Input(9), Dense(5, Name = "a"), Output("code"), Dense(9, Name = "c", From = "input"), Dense(5, Name = "e"), Tanh]
            [Dense(9, Tied = "a", Name = "b"), Tanh, Dense(5, Name = "f"), Tanh, Dense(9, Tied = "a", Name = "d"), Output("y")]
            [MeanSquaredError]
            """),
        ("a decoder of a layer that shares its weights", """
            [Input(9), Dense(9, Name = "a"), Tanh, Dense(9, Weights = "a", Name = "use"), Tanh, Dense(9, Tied = "use", Name = "b")]
            [MeanSquaredError]
            """),
        ("a decoder before the encoder's loss", """
            [Input(9), Dense(5, Name = "a"), Output("code"), Dense(9, Name = "c", From = "input"), Dense(5, Name = "e"), Tanh]
            [Dense(9, Tied = "a", Name = "b"), Output("y"), MeanSquaredError]
            """),
    ];

    private static readonly string[] Blocks =
    [
        """
        [Dense(Units, Name = "a"), Tanh, Dense(Outputs, Tied = "a", Name = "b")]
        public sealed class CoderAttribute : BlockAttribute
        {
            private const int Units = 2, Outputs = 2;
            public CoderAttribute(int units, int outputs) { }
        }
        """,
        """
        [Conv2D(Filters, 3, Name = "a"), Tanh, ConvTranspose2D(Outputs, 3, Bias = false, Tied = "a", Name = "b")]
        public sealed class FilteredAttribute : BlockAttribute
        {
            private const int Filters = 2, Outputs = 2;
            public FilteredAttribute(int filters, int outputs) { }
        }
        """,
    ];

    private static readonly TrainingLayout[] Layouts = [TrainingLayout.SampleLanes, TrainingLayout.Blocked];

    private static readonly Lazy<CompiledNetworks>[] Compiled =
    [
        .. Cases.Select((c, i) => new Lazy<CompiledNetworks>(() => NetworkCompiler.Compile(
            [
                .. from layout in Layouts
                   from ties in new[] { true, false }
                   select $"[Network(InputGradient = true, TrainingLayout = TrainingLayout.{layout})]\n"
                       + $"{(ties ? c.Layers : Apart(c.Layers))}\npublic partial class {(ties ? "Tied" : "Apart")}{layout};",
                .. Blocks, .. Blocks.Select(Apart),
            ],
            $"TiedWeights{i}"))),
    ];

    public static TheoryData<string, TrainingLayout, Isa> All =>
        [.. from c in Cases from layout in Layouts from isa in Tiers.Supported select (c.Name, layout, isa)];

    public static TheoryData<string, TrainingLayout, Isa> OfPyTorch =>
        [.. from name in new[] { "dense", "conv", "tokens" } from layout in Layouts from isa in Tiers.Supported select (name, layout, isa)];

    [Theory]
    [MemberData(nameof(OfPyTorch))]
    public void Outputs_and_gradients_are_those_of_PyTorch(string name, TrainingLayout layout, Isa isa)
    {
        TiedGolden golden = Golden.Read<TiedGolden[]>("tied").Single(one => one.Name == name);
        using CompiledNetwork network = Create(name, $"Tied{layout}", isa, 1);
        Assert.Equal(golden.Parameters.Select(p => p.Key).Order(), network.Parameters.Select(p => p.Key).Order());
        foreach (TiedParameter parameter in golden.Parameters)
        {
            network.Parameters.Single(p => p.Key == parameter.Key).CopyFrom(parameter.Value);
        }

        float[] y = new float[golden.Output.Length];
        network.Forward(golden.Input, y);
        Same(golden.Output, y, "outputs", Tolerance);
        using Trainer trainer = Trainer.For(network, 3, new Sgd(0.1));
        trainer.ComputeGradients(golden.Input, [], golden.Target);
        foreach (TiedParameter parameter in golden.Parameters)
        {
            Same(parameter.Gradient, GradientOf(trainer, network.Parameters.Single(p => p.Key == parameter.Key)), parameter.Key, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_of_a_tied_weight_are_sums(string name, TrainingLayout layout, Isa isa)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            using CompiledNetwork tied = Create(name, $"Tied{layout}", isa, threads), apart = Create(name, $"Apart{layout}", isa, threads);
            Dictionary<string, string> owners = OwnersIn(tied.Info);
            Assert.DoesNotContain(tied.Parameters, parameter => owners.ContainsKey(parameter.Key));
            Copy(tied, apart, owners);
            float[] x = Formula.Uniforms(1, Batch * tied.InputLength);
            SameOutputs(tied, apart, x);

            const float Rate = 0.125f;
            using Trainer trainer = Trainer.For(tied, Batch, new Sgd(Rate)), other = Trainer.For(apart, Batch, new Sgd(Rate));
            float[] values = Formula.Uniforms(2, Batch * tied.Info.ValueTargetLength);
            double loss = trainer.ComputeGradients(x, [], values), otherLoss = other.ComputeGradients(x, [], values);
            Assert.Equal(otherLoss, loss, Tolerance * Math.Abs(otherLoss));
            float[][] old = [.. tied.Parameters.Select(Values)], gradients = [.. tied.Parameters.Select(parameter =>
                parameter.IsTrainable ? GradientOf(trainer, parameter) : new float[parameter.Length])];
            foreach ((Parameter parameter, int i) in tied.Parameters.Select((one, i) => (one, i)).Where(pair => pair.one.IsTrainable))
            {
                float[] sum = GradientOf(other, apart.Parameters.Single(one => one.Key == parameter.Key));
                foreach (Parameter use in apart.Parameters.Where(use => owners.GetValueOrDefault(use.Key) == parameter.Key))
                {
                    sum = [.. sum.Zip(Turned(use, GradientOf(other, use)), (one, two) => one + two)];
                }

                Same(sum, gradients[i], $"gradient of {parameter.Key}", Tolerance);
            }

            // The copies follow each step.
            trainer.Train(new StepData(x, new Targets([], values), default, Batch), accumulate: false, update: true);
            foreach ((Parameter parameter, int i) in tied.Parameters.Select((parameter, i) => (parameter, i)))
            {
                float[] expectedValues = [.. old[i].Zip(gradients[i], (w, g) => w - (Rate * g))];
                Same(expectedValues, Values(parameter), $"{parameter.Key} after a step", Tolerance);
            }

            Copy(tied, apart, owners);
            SameOutputs(tied, apart, x);
        }
    }

    [Fact]
    public void Files_have_the_weight_once()
    {
        using CompiledNetwork network = Create("dense", "TiedSampleLanes", Tiers.Supported.First(), 1);
        using var stream = new MemoryStream();
        network.Save(stream);
        float[] x = Formula.Uniforms(1, network.InputLength), y = new float[network.OutputLength], z = new float[network.OutputLength];
        network.Forward(x, y);
        using CompiledNetwork other = Compiled[0].Value["TiedBlocked"].Create(Tiers.Supported.First(), 1, seed: 99);
        stream.Position = 0;
        other.Load(stream);
        other.Forward(x, z);
        Assert.Equal(y, z);
        Assert.Equal(["a.weight", "a.bias", "b.bias"], network.Parameters.Select(parameter => parameter.Key));
    }

    [Fact]
    public void Builders_of_networks_with_tied_weights_make_the_same_networks()
    {
        foreach (string name in new[] { "dense", "conv", "tokens", "blocks", "a block of convolutions", "a decoder that is called twice" })
        {
            using CompiledNetwork network = Create(name, "TiedSampleLanes", Tiers.Supported.First(), 1);
            using CompiledNetwork other = NetworkBuilder.Of(network).Compile();
            Assert.Equal(network.Parameters.Select(parameter => parameter.Key), other.Parameters.Select(parameter => parameter.Key));
            foreach ((Parameter from, Parameter to) in network.Parameters.Zip(other.Parameters))
            {
                to.CopyFrom(Values(from));
            }

            float[] x = Formula.Uniforms(1, network.InputLength), y = new float[network.OutputLength], z = new float[y.Length];
            network.Forward(x, y);
            other.Forward(x, z);
            Same(y, z, name, Tolerance);
        }
    }

    [Fact]
    public void A_file_may_have_the_weight_of_a_convolution_for_both_uses()
    {
        using CompiledNetwork network = Create("conv", "TiedSampleLanes", Tiers.Supported.First(), 1);
        using CompiledNetwork apart = Create("conv", "ApartSampleLanes", Tiers.Supported.First(), 1);
        apart.Parameters.Single(parameter => parameter.Key == "b.weight").CopyFrom(
            Values(apart.Parameters.Single(parameter => parameter.Key == "a.weight")));
        using var file = new MemoryStream();
        apart.Save(file);
        file.Position = 0;
        Assert.Equal(["b.weight"], network.Load(file, new WeightsLoadOptions()).Copies);
        Assert.Equal(
            Values(apart.Parameters.Single(parameter => parameter.Key == "a.weight")),
            Values(network.Parameters.Single(parameter => parameter.Key == "a.weight")));

        using CompiledNetwork dense = Create("dense", "TiedSampleLanes", Tiers.Supported.First(), 1);
        using CompiledNetwork denseApart = Create("dense", "ApartSampleLanes", Tiers.Supported.First(), 1);
        using var other = new MemoryStream();
        denseApart.Save(other);
        other.Position = 0;
        Assert.Contains("b.weight", Assert.Throws<WeightsFormatException>(() => dense.Load(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tied_weights_stay_floats_where_those_of_dense_layers_are_stored_in_16_bits()
    {
        CompiledNetworks compiled = NetworkCompiler.Compile(
            [
                """
                [Network(WeightStorage = WeightStorage.BFloat16)]
                [Input(40), Dense(24, Name = "a"), Tanh, Dense(33, Name = "b"), Dense(24), Dense(40, Tied = "a")]
                public partial class Halved;
                """,
            ],
            "TiedHalves");
        foreach (Isa isa in Tiers.Supported)
        {
            using CompiledNetwork whole = compiled["Halved"].Create(new NetworkOptions { Isa = isa, Seed = 3 });
            using var weights = new MemoryStream();
            whole.Save(weights);
            weights.Position = 0;
            using CompiledNetwork half = compiled["Halved"].Create(
                new NetworkOptions { Isa = isa, WeightsStream = weights, WeightStorage = WeightStorage.BFloat16 });
            Assert.Equal(Values(Of(whole, "a.weight")), Values(Of(half, "a.weight")));
            Assert.NotEqual(Values(Of(whole, "b.weight")), Values(Of(half, "b.weight")));
            float[] x = Formula.Uniforms(1, 40), y = new float[40], z = new float[40];
            whole.Forward(x, y);
            half.Forward(x, z);
            float largest = y.Max(MathF.Abs);
            Assert.All(y.Zip(z), pair => Assert.InRange(pair.Second, pair.First - (largest / 50), pair.First + (largest / 50)));
        }

        static Parameter Of(CompiledNetwork network, string key) => network.Parameters.Single(parameter => parameter.Key == key);
    }

    /// <summary>The same layers, whose weights are their own.</summary>
    private static string Apart(string layers) => Tie().Replace(layers, "").Replace("Coder", "ApartCoder", StringComparison.Ordinal)
        .Replace("Filtered", "ApartFiltered", StringComparison.Ordinal);

    private static CompiledNetwork Create(string name, string type, Isa isa, int threads) =>
        Compiled[Array.FindIndex(Cases, c => c.Name == name)].Value[type].Create(isa, threads, seed: 3);

    /// <summary>For the weight of each tied layer, the weight that it is.</summary>
    private static Dictionary<string, string> OwnersIn(NetworkInfo info) => info.Layers.Where(layer => layer.Tied.Length > 0)
        .ToDictionary(layer => layer.Name + ".weight", layer => layer.Tied + ".weight");

    private static void Copy(CompiledNetwork from, CompiledNetwork to, Dictionary<string, string> owners)
    {
        var known = from.Parameters.ToDictionary(parameter => parameter.Key);
        foreach (Parameter parameter in to.Parameters)
        {
            // A layer that shares the parameters of another one shares them in both networks.
            string owner = owners.GetValueOrDefault(parameter.Key, parameter.Key);
            float[] values = Values(known[owner]);
            parameter.CopyFrom(owner == parameter.Key ? values : Turned(known[owner], values));
        }
    }

    /// <summary>The values of a matrix, transposed. A transposed convolution has the axes of a convolution.</summary>
    private static float[] Turned(Parameter parameter, float[] values) => parameter.Shape is [var rows, var columns]
        ? [.. Enumerable.Range(0, values.Length).Select(i => values[(i % rows * columns) + (i / rows)])] : values;

    private static void SameOutputs(CompiledNetwork one, CompiledNetwork other, float[] x)
    {
        float[] y = new float[Batch * one.OutputLength], expected = new float[y.Length];
        one.Forward(x, y);
        other.Forward(x, expected);
        Same(expected, y, "outputs", Tolerance);
        float[] first = new float[one.OutputLength];
        one.Forward(x.AsSpan(0, one.InputLength), first);
        Same(expected[..first.Length], first, "outputs of one sample", Tolerance);
    }

    [GeneratedRegex("""Tied = "\w+", """)]
    private static partial Regex Tie();

    private sealed record TiedGolden(string Name, float[] Input, float[] Target, float[] Output, TiedParameter[] Parameters);

    private sealed record TiedParameter(string Key, float[] Value, float[] Gradient);
}
