using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Learned scales, functions of elements, and joins of tensors that are broadcast: in all dimensionalities, alone and fused.
/// </summary>
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
        new("Scale behind a convolution", Image, new Conv2D(19, 3, padding: 1), new Scale(), new ReLU()) { IsNearKink = true },
        new("Scale behind a depthwise convolution", Deep,
            new Conv2D(19, new Axis(3, 1, 1, 1), new Axis(3, 1, 1, 1), Groups: 19), new Scale(Bias: false), new Tanh()),
        new("Scale before a convolution", Deep, new Tanh(), new Scale(), new ReLU(), new Conv2D(7, 1)),
        new("Scale of a residual", Image, new Add([new Conv2D(6, 1), new Scale(Bias: false, Initial: 0.25)], [])),
        new("Scale before pooling", Image, new Conv2D(6, 1), new Scale(), new AveragePool2D(2)),
        new("Scale of elements behind a convolution", Image, new Conv2D(19, 3, padding: 1), new Scale(PerElement: true), new ReLU())
        {
            IsNearKink = true,
        },

        // Where they are defined.
        new("Exp", Image, new Exp()),
        new("Log", Image, new Softplus(), new Log()),
        new("Sqrt", Volume, new Sigmoid(), new Sqrt()),
        new("Abs", Sequence, new Abs()),
        new("Pow, 3", Deep, new Pow(3)),
        new("Pow, 1.5", Sequence, new Softplus(), new Pow(1.5)),
        new("Pow, -2", Features, new Sigmoid(), new Pow(-2)),
        new("Pow, -0.5", Image, new Sigmoid(), new Pow(-0.5)),
        new("Pow, 10", Features, new Pow(10)),
        new("Exp behind a convolution", Image, new Conv2D(19, 3, padding: 1), new Exp(), new MaxPool2D(2)),
        new("Hard swish in parts", Image, new Conv2D(19, 1), new Affine(1, 3), new ReLU6(), new Affine(0.125, 0), new AveragePool2D(2)),
        new("Log of features", Features, new Dense(7), new Softplus(), new Affine(1, 0.5), new Log(), new Affine(-1, 0)),

        // Of one shape, fused; of all that is broadcast, on either side.
        new("Subtract", Image, new Subtract([new Conv2D(6, 1), new Tanh()], []), new ReLU()),
        new("Subtract, reversed", Image, new Subtract([], [new Conv2D(6, 1)]), new Tanh()),
        new("Subtract, pixels", Deep, new Subtract([new Conv2D(1, 3, padding: 1)], []), new Tanh()),
        new("Subtract, channels", Deep, new Subtract([], [new AdaptiveAveragePool(2)])),
        new("Subtract, features", Features, new Subtract([], [new Dense(1)])),
        new("Subtract, rows and columns", Image,
            new Subtract([new AveragePool2D(new Axis(1), new Axis(7))], [new AveragePool2D(new Axis(5), new Axis(1))])),
        new("Divide", Image, new Divide([], [new Conv2D(6, 1), new Sigmoid(), new Affine(1, 0.5)]), new Tanh()),
        new("Divide, channels", Deep, new Divide([new AdaptiveAveragePool(2)], [new Sigmoid(), new Affine(1, 0.5)])),
        new("Divide, pixels", Deep, new Divide([], [new Conv2D(1, 1), new Sigmoid(), new Affine(1, 0.5)]), new ReLU()),
        new("Divide, one", Volume, new Divide([], [new Conv3D(1, 1), new AdaptiveAveragePool(3), new Sigmoid(), new Affine(1, 0.5)])),
        new("Add, channels", Deep, new Add([new Conv2D(19, 3, padding: 1)], [new AdaptiveAveragePool(2)]), new ReLU()),
        new("Add, pixels", Image, new Add([new Conv2D(1, 1)], [], [new Tanh()])),
        new("Add, channels and pixels", Deep, new Add([new AdaptiveAveragePool(2)], [new Conv2D(1, 1)])),
        new("Multiply, pixels", Deep, new Multiply([], [new Conv2D(1, 1), new Sigmoid()])),
        new("Multiply, pixels of a sequence", Sequence, new Multiply([new Conv1D(1, 1), new Sigmoid()], [])),
        new("Maximum", Image, new Maximum([new Conv2D(6, 1)], []), new Tanh()),
        new("Maximum, channels", Deep, new Maximum([], [new AdaptiveAveragePool(2)], [new Conv2D(1, 1)])) { IsNearKink = true },
        new("Maximum of itself", Features, new Maximum([], [], [])),
        new("Minimum", Sequence, new Minimum([], [new Conv1D(6, 3, padding: 1)])),
        new("Minimum, one", Volume, new Minimum([new Conv3D(1, 1), new AdaptiveAveragePool(3)], [])));

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
        using CompiledNetwork network = NetworkCompiler.CompileClasses([Declaration], "Keyed")["Keyed"].Create(Tiers.Supported[0]);
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
