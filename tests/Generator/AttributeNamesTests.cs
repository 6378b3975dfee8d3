using System.Linq;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The generator looks at names before it asks the C# compiler what they mean.</summary>
public sealed class AttributeNamesTests
{
    [Theory]
    [InlineData("[Strata.Network, Strata.Input(4), Strata.Dense(2)] partial class Net;", "")]
    [InlineData("[global::Strata.NetworkAttribute, Strata.Input(4), Strata.Dense(2)] partial class Net;", "")]
    [InlineData("using N = Strata.NetworkAttribute;\n[N, Strata.Input(4), Strata.Dense(2)] partial class Net;", "")]
    [InlineData("using MineAttribute = Strata.NetworkAttribute;\n[Mine, Strata.Input(4), Strata.Dense(2)] partial class Net;", "")]
    [InlineData("namespace A { namespace B { using N = Strata.NetworkAttribute; [N, Strata.Input(4)] partial class Net; } }", "")]
    [InlineData("[N, Strata.Input(4), Strata.Dense(2)] partial class Net;", "global using N = Strata.NetworkAttribute;")]
    [InlineData("[@N, Strata.Input(4), Strata.Dense(2)] partial class Net;", "global using @N = Strata.NetworkAttribute;")]
    [InlineData("[S::Network, S::Input(4)] partial class Net;", "global using S = Strata;")]
    public void A_network_is_found_by_every_name_of_its_attribute(string source, string other) =>
        Assert.Single(
            new Harness().Generate(source, other).Results.Single().GeneratedSources,
            file => file.HintName.EndsWith("Net.g.cs", System.StringComparison.Ordinal));

    [Fact]
    public void Another_attribute_of_that_name_makes_no_network() => Assert.Empty(new Harness()
        .Generate("[Network] partial class Net; class NetworkAttribute : System.Attribute;").Results.Single().GeneratedSources);
}
