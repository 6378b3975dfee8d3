using System.Linq;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>The members of blocks are the parameters of their keys.</summary>
public class BlockTests
{
    private const string Declaration = """
        [Network, Input(3, 8, 8), Conv2D(4, 1), Residual(4, Name = "layer1", Repeat = 2), Residual(6, stride: 2, Name = "layer2.0")]
        public partial class Blocks
        {
            public static string[] Keys(Blocks net) =>
            [
                net.Conv1.Bias.Key, net.Layer1_0.Conv1.Weight.Key, net.Layer1_0.Bn1.RunningVar.Key, net.Layer1_1.Conv1.Weight.Key,
                net.Layer2_0.Downsample._0.Weight.Key, net.Layer2_0.Downsample._1.RunningMean.Key, net.Layer2_0.Bn1.Weight.Key,
            ];
        }

        [Branch, Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = false), BatchNorm, ReLU]
        [Branch, Shortcut(Filters, Stride = Stride)]
        [Add, ReLU]
        public class ResidualAttribute : BlockAttribute
        {
            private const int Filters = 4, Stride = 1;
            public ResidualAttribute(int filters, int stride = Stride) { }
        }
        """;

    [Fact]
    public void Typed_members_have_their_keys()
    {
        CompiledType type = NetworkCompiler.CompileClasses([Declaration], "Blocks")["Blocks"];
        using CompiledNetwork network = type.Create();
        Assert.Equal(
            [
                "conv1.bias", "layer1.0.conv1.weight", "layer1.0.bn1.running_var", "layer1.1.conv1.weight",
                "layer2.0.downsample.0.weight", "layer2.0.downsample.1.running_mean", "layer2.0.bn1.weight",
            ],
            (string[])type.Type.GetMethod("Keys")!.Invoke(null, [network])!);
        Assert.Equal(network.Parameters.Select(parameter => parameter.Key).Distinct().Count(), network.Parameters.Count);
    }
}
