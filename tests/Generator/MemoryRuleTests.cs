using System.Linq;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Sizes that are known only when the programs are laid out, padding and all.</summary>
public sealed class MemoryRuleTests
{
    [Theory]
    [InlineData(
        "[Network, Input(4, 2000, 2000), " + Deep + Deep + Deep + Deep + Deep + Deep + Deep + "MeanSquaredError]",
        "floats of memory for a block of 16 samples")]
    [InlineData("[Network, Input(134217727), Dense(1), Dense(2)]", "the packed weights of a layer")]
    public void A_network_beyond_32_bit_offsets_stops_the_build(string declaration, string what)
    {
        string errors = new Harness().Generate($"using Strata;\n{declaration}\npublic partial class Net;")
            .GeneratedTrees.Single(tree => tree.FilePath.EndsWith("Net.Errors.g.cs", System.StringComparison.Ordinal)).ToString();
        Assert.Contains("#error STRATA036: Network 'Net': ", errors);
        Assert.Contains(what, errors);
    }

    private const string Deep = "Conv2D(5, 3, Padding = 1), ReLU, ";
}
