using System;
using System.Linq;
using System.Text.Json;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>Networks that a builder makes are those of the same attributes.</summary>
public sealed class NetworkBuilderTests
{
    private static NetworkBuilder Example() => new NetworkBuilder(3, 16, 16)
        .Conv2D(8, 3, padding: 1).BatchNorm().ReLU().MaxPool2D(2)
        .Branches(b => b.Conv2D(6, 1).LeakyReLU(0.2), b => b.Conv2D(4, 3, autoPad: AutoPad.Same)).Concat()
        .Block("residual", b => b.Branches(x => x, x => x.Conv2D(10, 3, padding: 1, bias: false).BatchNorm()).Add().ReLU(), repeat: 2)
        .GlobalAveragePool2D().Flatten().Dropout(0.25).Dense(5).Softmax().CrossEntropy(labelSmoothing: 0.1);

    private const string ExampleDeclaration = """
        using Strata;
        using Strata.Training;

        [Network]
        [Input(3, 16, 16)]
        [Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, MaxPool2D(2)]
        [Branch, Conv2D(6, 1), LeakyReLU(0.2), Branch, Conv2D(4, 3, AutoPad = AutoPad.Same), Concat]
        [Residual(Name = "residual", Repeat = 2)]
        [GlobalAveragePool2D, Flatten, Dropout(0.25), Dense(5), Softmax, CrossEntropy(LabelSmoothing = 0.1)]
        public partial class Network;

        [Branch, Branch, Conv2D(10, 3, Bias = false, Padding = 1), BatchNorm, Add, ReLU]
        public sealed class ResidualAttribute : BlockAttribute;
        """;

    private static CompiledNetwork OfClass(NetworkOptions options) => (CompiledNetwork)Activator.CreateInstance(
        NetworkCompiler.CompileClasses([ExampleDeclaration], "BuilderExample")["Network"].Type, options)!;

    [Fact]
    public void A_builder_describes_the_network_of_the_same_attributes()
    {
        using CompiledNetwork declared = OfClass(new NetworkOptions()), built = Example().Compile();
        Assert.Equal(JsonSerializer.Serialize(declared.Info), JsonSerializer.Serialize(built.Info));
        Assert.Equal(declared.Summary(), built.Summary());
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_builder_computes_and_trains_with_the_bits_of_the_class(Isa isa)
    {
        var options = new NetworkOptions { Isa = isa, Seed = 7, Threads = 2 };
        using CompiledNetwork declared = OfClass(options), built = Example().Compile(options);
        float[] images = [.. Enumerable.Range(0, 20 * declared.InputLength).Select(i => MathF.Sin(i * 0.37f))];
        int[] classes = [.. Enumerable.Range(0, 20).Select(i => i % 5)];
        Assert.Equal(Outputs(declared, images), Outputs(built, images));

        using var one = (ClassificationTrainer)Trainer.For(declared, 20, new Adam(0.01f));
        using var other = (ClassificationTrainer)Trainer.For(built, 20, new Adam(0.01f));
        for (int step = 0; step < 5; step++)
        {
            Assert.Equal(one.Step(images, classes), other.Step(images, classes));
        }

        Assert.Equal(Outputs(declared, images), Outputs(built, images));
    }

    public static TheoryData<Isa> AllTiers() => [.. Tiers.Supported];

    [Fact]
    public void What_does_not_fit_is_told_with_the_arithmetic_of_the_compiler()
    {
        NetworkException refused = Assert.Throws<NetworkException>(
            () => new NetworkBuilder(3, 4, 4).Conv2D(8, 7, name: "stem").Compile(compile: new CompileOptions { Name = "Small" }));
        Assert.StartsWith("Small cannot be compiled:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Conv2D 'stem'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("(4 + 2·0 − 7)/1 + 1 = −2", refused.Message, StringComparison.Ordinal);
        Assert.Single(refused.Rules);
    }

    /// <summary>
    /// The memory is known only after all addresses are planned: that of the weights of 70,000 × 70,000 pairs is too large.
    /// </summary>
    [Fact]
    public void A_network_beyond_32_bit_offsets_breaks_a_rule()
    {
        NetworkException refused = Assert.Throws<NetworkException>(
            () => new NetworkBuilder(2, 70_000).Attention(1).MeanSquaredError().Compile(compile: new CompileOptions { Name = "Long" }));
        Assert.StartsWith("Long cannot be compiled:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("which 32-bit offsets reach", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["STRATA036"], refused.Rules);
    }

    [Fact]
    public void A_builder_takes_several_inputs_and_outputs_and_tensors_by_name()
    {
        using CompiledNetwork net = new NetworkBuilder()
            .Input([4, 9, 7], "image").Conv2D(2, 3, name: "conv").Flatten(name: "flat").Output("features")
            .Input([5], "pose").Dense(3, name: "dense")
            .Concat(["flat", "dense"]).Dense(2).Output("scores")
            .Compile();
        Assert.Equal(["image", "pose"], net.Info.Inputs.Select(input => input.Name));
        Assert.Equal(["features", "scores"], net.Info.Outputs.Select(output => output.Name));
        Assert.Equal([70, 2], net.Info.Outputs.Select(output => output.Shape[0]));
        Assert.Contains(Outputs(net, [.. Enumerable.Range(0, net.InputLength).Select(i => (float)i)]), value => value != 0);
    }

    [Fact]
    public void A_builder_can_be_changed_and_compiled_again()
    {
        NetworkBuilder builder = new NetworkBuilder(6).Dense(4);
        using CompiledNetwork small = builder.Compile(), large = builder.ReLU().Dense(3).Compile();
        Assert.Equal((4, 3), (small.OutputLength, large.OutputLength));
    }

    [Fact]
    public void A_builder_writes_the_class_that_is_the_same_network()
    {
        string text = Example().ToCSharp("Network");
        Assert.Equal(
            """
            using Strata;

            [Network]
            [Input(3, 16, 16)]
            [Conv2D(8, 3, Padding = 1), BatchNorm, ReLU]
            [MaxPool2D(2)]
            [Branch]
            [Conv2D(6, 1)]
            [LeakyReLU(0.2)]
            [Branch]
            [Conv2D(4, 3, AutoPad = AutoPad.Same)]
            [Concat]
            [Residual(Name = "residual", Repeat = 2)]
            [GlobalAveragePool2D, Flatten]
            [Dropout(0.25)]
            [Dense(5), Softmax]
            [CrossEntropy(LabelSmoothing = 0.1)]
            public partial class Network;

            [Branch]
            [Branch]
            [Conv2D(10, 3, Bias = false, Padding = 1), BatchNorm]
            [Add, ReLU]
            public sealed class ResidualAttribute : BlockAttribute;

            """, text);
        var written = (CompiledNetwork)Activator.CreateInstance(
            NetworkCompiler.CompileClasses([text], "WrittenBuilder")["Network"].Type, new NetworkOptions())!;
        using CompiledNetwork built = Example().Compile();
        Assert.Equal(JsonSerializer.Serialize(written.Info), JsonSerializer.Serialize(built.Info));
        written.Dispose();
    }

    [Fact]
    public void A_function_is_a_layer_with_its_gradient_and_a_loss()
    {
        float slope = 0.25f;
        using CompiledNetwork net = new NetworkBuilder(6).Dense(8)
            .Elementwise(x => x > 0 ? x : slope * MathF.Tanh(x), "Bent")
            .Branches(b => b, b => b.Dense(8)).Elementwise((x, y) => x * Functions.Sigmoid(y), kind: "Gate")
            .Dense(3).ElementwiseLoss((y, t) => MathF.Sqrt(1 + ((y - t) * (y - t))) - 1, "PseudoHuber").Compile();
        Assert.Equal(["dense1", "bent1", "dense2", "gate1", "dense3"], net.Info.Layers.Select(layer => layer.Name));
        float[] inputs = [.. Enumerable.Range(0, 6 * 20).Select(i => MathF.Sin(i * 0.7f))];

        // The same, computed here from the parameters.
        float[] Dense(string layer, float[] x)
        {
            float[] weight = Values(net, layer + ".weight"), bias = Values(net, layer + ".bias");
            return [.. bias.Select((b, o) => b + x.Select((value, i) => value * weight[(o * x.Length) + i]).Sum())];
        }

        float[] bent = [.. Dense("dense1", inputs[..6]).Select(x => x > 0 ? x : 0.25f * MathF.Tanh(x))];
        float[] gated = [.. bent.Zip(Dense("dense2", bent), (x, y) => x / (1 + MathF.Exp(-y)))];
        Assert.Equal(Dense("dense3", gated), Outputs(net, inputs)[..3], (x, y) => MathF.Abs(x - y) < 1e-5f);

        // A step of SGD with the rate 1 shows the gradient, which must be the slope of the loss.
        float[] targets = [.. Enumerable.Range(0, 3 * 20).Select(i => 10 * MathF.Cos(i * 0.3f))];
        double Loss() => Outputs(net, inputs).Zip(targets, (y, t) => Math.Sqrt(1 + Math.Pow(y - t, 2)) - 1).Average();
        Parameter weight = net.FindParameter("dense1.weight")!;
        float[] before = Values(net, "dense1.weight");
        double[] slopes =
        [
            .. Enumerable.Range(0, before.Length).Select(i => (LossWith(i, 0.01f) - LossWith(i, -0.01f)) / 0.02),
        ];
        using var trainer = (RegressionTrainer)Trainer.For(net, 20, new Sgd(1));
        Assert.Equal(Loss(), trainer.Step(inputs, targets), 1e-4);
        float[] after = Values(net, "dense1.weight");
        Assert.Equal(slopes, before.Zip(after, (one, other) => (double)(one - other)), (x, y) => Math.Abs(x - y) < 1e-4);
        Assert.Contains(slopes, slope => Math.Abs(slope) > 0.005);

        double LossWith(int index, float change)
        {
            weight.CopyFrom([.. before.Select((value, i) => i == index ? value + change : value)]);
            double loss = Loss();
            weight.CopyFrom(before);
            return loss;
        }
    }

    [Fact]
    public void A_function_that_is_no_formula_is_refused_with_its_part()
    {
        NotSupportedException refused = Assert.Throws<NotSupportedException>(
            () => new NetworkBuilder(6).Elementwise(x => x * x.ToString(System.Globalization.CultureInfo.InvariantCulture).Length));
        Assert.Contains("ToString", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<NotSupportedException>(() => new NetworkBuilder(6).Elementwise(x => MathF.Pow(2, x)));
        Assert.Contains("'y' of MathF.Pow must be a number", refused.Message, StringComparison.Ordinal);

        // 1 / 2 of integers is 0, which no formula says.
        refused = Assert.Throws<NotSupportedException>(() => new NetworkBuilder(6).Elementwise(x => (x > 0 ? 1 : 3) / 2));
        Assert.Contains("such as 2f", refused.Message, StringComparison.Ordinal);
    }

    private static float[] Values(CompiledNetwork network, string key)
    {
        Parameter parameter = network.FindParameter(key)!;
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private static float[] Outputs(CompiledNetwork network, float[] inputs)
    {
        float[] outputs = new float[inputs.Length / network.InputLength * network.OutputLength];
        network.Forward(inputs, outputs);
        return outputs;
    }
}
