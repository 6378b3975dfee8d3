using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Learned scales: in all dimensionalities, alone and fused.</summary>
public class ElementwiseTests
{
    private static readonly Extents Features = Extents.Vector(21), Sequence = Extents.Sequence(6, 11), Image = Extents.Image(6, 5, 7);
    private static readonly Extents Volume = Extents.Volume(6, 3, 4, 5), Deep = Extents.Image(19, 3, 5);

    private static readonly OperatorFamily Family = new(
        "elementwise",
        new("Scale", Image, new Scale()),
        new("Scale, features", Features, new Scale()),
        new("Scale, sequence", Sequence, new Scale(Bias: false)),
        new("Scale, volume", Volume, new Scale()),
        new("Scale, deep", Deep, new Scale(Bias: false, Initial: 0.5)),
        new("Scale, elements", Image, new Scale(PerElement: true)),
        new("Scale, elements of features", Features, new Scale(PerElement: true)),
        new("Scale, elements of a sequence", Sequence, new Scale(Bias: false, PerElement: true)),
        new("Scale, elements of a volume", Volume, new Scale(PerElement: true)),

        // In registers, behind a layer and in front of one.
        new("Scale behind a convolution", Image, new Conv2D(19, 3, padding: 1), new Scale(), new ReLU()),
        new("Scale behind a depthwise convolution", Deep,
            new Conv2D(19, new Axis(3, 1, 1, 1), new Axis(3, 1, 1, 1), Groups: 19), new Scale(Bias: false), new Tanh()),
        new("Scale before a convolution", Deep, new Tanh(), new Scale(), new ReLU(), new Conv2D(7, 1)),
        new("Scale of a residual", Image, new Add([new Conv2D(6, 1), new Scale(Bias: false, Initial: 0.25)], [])),
        new("Scale before pooling", Image, new Conv2D(6, 1), new Scale(), new AveragePool2D(2)),
        new("Scale of elements behind a convolution", Image, new Conv2D(19, 3, padding: 1), new Scale(PerElement: true), new ReLU()));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Fact]
    public void The_key_of_a_scale_can_be_that_of_its_module()
    {
        const string Declaration = """
            [Scale(Bias = false, Initial = 1e-6, Name = "layer_scale", Key = ""), Scale(Name = "ls", Key = "gamma")]
            sealed class CNBlockAttribute : BlockAttribute;

            [Network, Input(6, 5, 7), CNBlock(Name = "features.1.0"), MeanSquaredError]
            partial class Keyed;
            """;
        using CompiledNetwork network = NetworkCompiler.Compile([Declaration], "Keyed")["Keyed"].Create(Tiers.Supported[0]);
        Assert.Equal(
            ["features.1.0.layer_scale (6, 1, 1)", "features.1.0.ls.gamma (6)", "features.1.0.ls.bias (6)"],
            network.Parameters.Select(parameter => parameter.ToString()));
        float[] scale = new float[6];
        network.Parameters[0].CopyTo(scale);
        Assert.Equal(Enumerable.Repeat(1e-6f, 6), scale);
        Assert.Equal(["features.1.0.layer_scale", "features.1.0.ls"], network.Info.Layers.Select(layer => layer.Name));
        Assert.Equal(["features.1.0.layer_scale", "features.1.0.ls", "features.1.0.ls"], network.Parameters.Select(p => p.Layer));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
