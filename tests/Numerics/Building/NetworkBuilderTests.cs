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
        NetworkCompiler.Compile([ExampleDeclaration], "BuilderExample")["Network"].Type, options)!;

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
            NetworkCompiler.Compile([text], "WrittenBuilder")["Network"].Type, new NetworkOptions())!;
        using CompiledNetwork built = Example().Compile();
        Assert.Equal(JsonSerializer.Serialize(written.Info), JsonSerializer.Serialize(built.Info));
        written.Dispose();
    }

    private static float[] Outputs(CompiledNetwork network, float[] inputs)
    {
        float[] outputs = new float[inputs.Length / network.InputLength * network.OutputLength];
        network.Forward(inputs, outputs);
        return outputs;
    }
}
