using System;
using System.Linq;
using System.Reflection;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Networks with several inputs and outputs, and one network at two sizes.</summary>
public class SeveralTensorTests
{
    private const string Declaration = """
        [Network, Input(1, 4, 4, Name = "image"), Conv2D(2, 3), Flatten]
        [Input(3, Name = "meta"), Dense(8), Add("flatten1", "dense1"), Output("boxes"), ReLU, Dense(2), Output("classes")]
        public partial class Several
        {
            public static void Run(Several net, float[] image, float[] meta, float[] boxes, float[] classes) =>
                net.Forward(image, meta, boxes, classes);
        }
        """;

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    public void Named_tensors_are_those_of_a_sample_one_behind_the_other(int samples)
    {
        CompiledType type = NetworkCompiler.CompileClasses([Declaration], "Several")["Several"];
        using CompiledNetwork network = type.Create();
        float[] image = Numbers(samples * 16, 1), meta = Numbers(samples * 3, 2), boxes = new float[samples * 8],
            classes = new float[samples * 2];
        type.Type.GetMethod("Run")!.Invoke(null, [network, image, meta, boxes, classes]);
        float[] inputs = new float[samples * 19], outputs = new float[samples * 10];
        for (int i = 0; i < samples; i++)
        {
            image.AsSpan(i * 16, 16).CopyTo(inputs.AsSpan(i * 19));
            meta.AsSpan(i * 3, 3).CopyTo(inputs.AsSpan((i * 19) + 16));
        }

        network.Forward(inputs, outputs);
        Assert.Equal(outputs.Chunk(10).SelectMany(sample => sample[..8]), boxes);
        Assert.Equal(outputs.Chunk(10).SelectMany(sample => sample[8..]), classes);

        // Both inputs and both layers are at work.
        Assert.Equal(samples > 0, outputs.Distinct().Count() > 1);
    }

    [Fact]
    public void A_tensor_with_another_number_of_samples_is_refused()
    {
        CompiledType type = NetworkCompiler.CompileClasses([Declaration], "Several")["Several"];
        using CompiledNetwork network = type.Create();
        void Run(int image, int meta, int boxes, int classes)
        {
            try
            {
                type.Type.GetMethod("Run")!.Invoke(null,
                    [network, new float[image], new float[meta], new float[boxes], new float[classes]]);
            }
            catch (TargetInvocationException exception)
            {
                throw exception.InnerException!;
            }
        }

        Run(32, 6, 16, 4);
        Assert.Equal("image", Assert.Throws<ArgumentException>(() => Run(33, 6, 16, 4)).ParamName);
        Assert.Equal("meta", Assert.Throws<ArgumentException>(() => Run(32, 7, 16, 4)).ParamName);
        Assert.Equal("boxes", Assert.Throws<ArgumentException>(() => Run(32, 6, 8, 4)).ParamName);
        Assert.Equal("classes", Assert.Throws<ArgumentException>(() => Run(32, 6, 16, 40)).ParamName);
    }

    [Fact]
    public void One_network_at_two_sizes_shares_its_weights()
    {
        CompiledNetworks types = NetworkCompiler.CompileClasses(
            [
                "[Network, Input(1, 8, 8), Conv2D(2, 3, Padding = 1), ReLU, Conv2D(1, 3, Padding = 1, Name = "
                + "\"head.last\")]\npublic partial class Large;",
                "[Network, Input(1, 4, 4), LayersOf(typeof(Large))]\npublic partial class Small;",
            ],
            "Sizes");
        using CompiledNetwork large = types["Large"].Create(seed: 3), small = types["Small"].Create(seed: 4);
        small.CopyParametersFrom(large);
        float[] image = new float[64], part = Numbers(16, 5), whole = new float[64], output = new float[16];
        for (int row = 0; row < 4; row++)
        {
            part.AsSpan(row * 4, 4).CopyTo(image.AsSpan(row * 8));
        }

        large.Forward(image, whole);
        small.Forward(part, output);

        // Away from the border that the large image does not have.
        Assert.Equal(whole[0], output[0], 1e-5f);
        Assert.Equal(whole[9], output[5], 1e-5f);
        Assert.NotEqual(0, output[0]);
    }

    [Fact]
    public void Parameters_are_copied_by_their_keys_in_whatever_order_they_stand()
    {
        CompiledNetworks types = NetworkCompiler.CompileClasses(
            [
                "[Network, Input(4), Dense(3, Name = \"a\"), Dense(4, From = \"input\", Name = \"b\"), "
                + "Concat(\"a\", \"b\")]\npublic partial class First;",
                "[Network, Input(4), Dense(4, Name = \"b\"), Dense(3, From = \"input\", Name = \"a\"), "
                + "Concat(\"a\", \"b\")]\npublic partial class Turned;",
                "[Network, Input(4), Dense(4, Name = \"b\"), Dense(3, From = \"input\", Name = \"c\"), Concat(\"c\", "
                + "\"b\")]\npublic partial class Renamed;",
                "[Network, Input(4), Dense(3, Name = \"b\"), Dense(4, From = \"input\", Name = \"a\"), Concat(\"a\", "
                + "\"b\")]\npublic partial class Resized;",
            ],
            "Orders");
        using CompiledNetwork first = types["First"].Create(seed: 1), turned = types["Turned"].Create(seed: 2);
        float[] x = Numbers(4, 3), expected = new float[7], actual = new float[7];
        first.Forward(x, expected);
        turned.CopyParametersFrom(first);
        turned.Forward(x, actual);
        Assert.Equal(expected, actual);
        using CompiledNetwork renamed = types["Renamed"].Create(), resized = types["Resized"].Create();
        Assert.Contains(
            "First has no parameter 'c.weight'.", Assert.Throws<ArgumentException>(() => renamed.CopyParametersFrom(first)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => resized.CopyParametersFrom(first));
    }

    /// <summary>What dense layers read outlives a block's pass, but losses and outputs read it, too.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Losses_and_outputs_on_the_way_agree_with_the_oracle(Isa isa)
    {
        OracleNetwork[] networks =
        [
            new(
                [
                    new InputItem(Extents.Vector(7)), new LayerItem(new Dense(5) { Name = "way" }),
                    new LossItem(Objective.MeanSquaredError, 0.5),
                    new LayerItem(new Dense(3) { Name = "end" }) { From = "way" },
                    new LossItem(new BinaryCrossEntropyObjective(), Target: "other"),
                    new OutputItem("first") { From = "way" }, new OutputItem("second") { From = "end" },
                ],
                inputGradient: true),

            // A softmax that is one with its loss, for the loss; for the layer behind it, it is not.
            new(
                [
                    new InputItem(Extents.Vector(7)), new LayerItem(new Dense(4)), new LayerItem(new Softmax() { Name = "way" }),
                    new LossItem(Objective.CrossEntropy), new LayerItem(new Dense(6)) { From = "way" },
                    new LossItem(new HingeObjective(), 2, "other"),
                    new OutputItem { From = "way" },
                ],
                inputGradient: true),
        ];
        for (int i = 0; i < networks.Length; i++)
        {
            string? difference = new Comparison(networks[i], i, [1, 5, 19]).Run(NetworkCompiler.Compile(networks[i]), isa);
            Assert.True(difference is null, $"{difference}\n{networks[i].Declaration("OnTheWay")}");
        }
    }

    private static float[] Numbers(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin((i * 1.7f) + seed))];
}
