using System;
using System.IO;
using System.Linq;
using Strata.Compiler.Declarations;
using Strata.Compiler.Foundation;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What a network computes does not depend on the names of its parts.</summary>
public sealed class NeutralNameTests
{
    private const string HasGradient = "HasInputGradient => true";

    [Theory]
    [InlineData("input")]
    [InlineData("inputGradient")]
    public void A_name_does_not_make_an_input_gradient(string name)
    {
        string stack = $"Input(4, 3, 3), BatchNorm(Name = \"{name}\"), Flatten, Dense(3), CrossEntropy";
        Assert.DoesNotContain(HasGradient, Text($"[Network, {stack}]"), StringComparison.Ordinal);
        Assert.Contains(HasGradient, Text($"[Network(InputGradient = true), {stack}]"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Net", "Strata.Generated._Net")]
    [InlineData("Demo.Net", "Strata.Generated.Demo_Net")]
    [InlineData("A_.B", "Strata.Generated.A_0_B")]
    [InlineData("A._B", "Strata.Generated.A__0B")]
    [InlineData("A._0", "Strata.Generated.A__00")]
    [InlineData("A_0", "Strata.Generated._A_00")]
    [InlineData("@class.@event", "Strata.Generated.class_event")]
    public void Each_class_has_a_namespace_for_its_kernels_that_is_not_called_as_a_class(string name, string space)
    {
        int dot = name.LastIndexOf('.');
        string own = dot < 0 ? "" : name[..dot];
        Assert.Equal(space,
            new NetworkTarget(own, EquatableArray<string>.Empty, "public", name[(dot + 1)..], false, false).GeneratedNamespace);
    }

    [Fact]
    public void A_network_inside_of_another_has_files_of_its_own()
    {
        string[] files = [.. new Harness()
            .Generate(
                "using Strata;\n[Network, Input(4), Dense(3)] partial class Net { [Network, Input(4), Dense(3)] partial class Avx2; }")
            .GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath)).Order(StringComparer.Ordinal)];
        Assert.Equal(["Net+Avx2.Avx2.g.cs", "Net+Avx2.Avx512.g.cs", "Net+Avx2.Vector128.g.cs", "Net+Avx2.g.cs"], files[..4]);
        Assert.Equal(8, files.Length);
    }

    [Fact]
    public void A_layer_that_is_called_input_is_read_by_its_name() =>
        Assert.Equal([2, 1], Graphs.Of("[Input(4), Dense(4, Name = \"input\"), Dense(4), Add(\"dense2\", \"input\")]").Output.Inputs);

    private static string Text(string declaration) => string.Concat(new Harness()
        .Generate($"using Strata;\n{declaration}\npartial class Net;").GeneratedTrees.Select(tree => tree.ToString()));
}
