using System;
using System.Linq;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What a network does never depends on what its parts are called.</summary>
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

    [Fact]
    public void A_layer_that_is_called_input_is_read_by_its_name() =>
        Assert.Equal([2, 1], Graphs.Of("[Input(4), Dense(4, Name = \"input\"), Dense(4), Add(\"dense2\", \"input\")]").Output.Inputs);

    private static string Text(string declaration) => string.Concat(new Harness()
        .Generate($"using Strata;\n{declaration}\npartial class Net;").GeneratedTrees.Select(tree => tree.ToString()));
}
