using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Strata.Compiler.Declarations;
using Strata.Compiler.Kernels;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Sizes that are too large, which is known only when programs are laid out, with padding.</summary>
public sealed class MemoryRuleTests
{
    private const string Sum =
        "[Network, Input(4, 2000, 2000), " + Deep + Deep + Deep + Deep + Deep + Deep + Deep + "MeanSquaredError]";

    private const string Weights = "[Network, Input(134217727), Dense(1), Dense(2)]";

    /// <summary>Only the generator lays the programs out: the analyzer asks it where it stopped.</summary>
    [Theory]
    [InlineData(Sum,
        "Network 'Net': 2,244,482,240 floats of memory for a block of 16 samples is more than "
        + "2,147,483,647 floats, which 32-bit offsets reach")]
    [InlineData(Weights,
        "Network 'Net': 2,147,483,664 floats of packed parameters up to dense1.weight is more than "
        + "2,147,483,647 floats, which 32-bit offsets reach")]
    public async Task A_network_beyond_32_bit_offsets_is_told_so_at_its_class(string declaration, string message)
    {
        await new Harness().ReportsAsync($"using Strata;\n{declaration}\npublic partial class {{|STRATA036:Net|}};", message);
        Assert.DoesNotContain(
            new Harness().Generate($"using Strata;\n{declaration}\npublic partial class Net;").GeneratedTrees,
            tree => tree.FilePath.EndsWith("Errors.g.cs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Sum, "floats of memory for a block of 16 samples")]
    [InlineData(Weights, "floats of packed parameters up to dense1.weight")]
    public void Without_the_analyzer_the_generator_stops_the_build(string declaration, string what)
    {
        var harness = new Harness { Properties = ImmutableDictionary<string, string>.Empty.Add("RunAnalyzers", "false") };
        string errors = harness.Generate($"using Strata;\n{declaration}\npublic partial class Net;")
            .GeneratedTrees.Single(tree => tree.FilePath.EndsWith("Net.Errors.g.cs", StringComparison.Ordinal)).ToString();
        Assert.Contains("#error STRATA036: Network 'Net': ", errors);
        Assert.Contains(what, errors);
    }

    [Fact]
    public void An_overflow_elsewhere_is_a_bug() => Assert.Equal(
        ["STRATA099: Network 'Net' could not be compiled because of a bug in Strata. OverflowException: sum.",
            "STRATA036: Network 'Net': a lot is more than 2,147,483,647 floats, which 32-bit offsets reach"],
        new Exception[] { new OverflowException("sum"), new NetworkTooLargeException("a lot") }
            .Select(exception => BuildProblems.OfLowering("Net", exception)).Select(problem => $"{problem.Id}: {problem.Message}"));

    [Theory]
    [InlineData("Input(1, 10000, 10000, Name = \"a\"), Input(1, 10000, 10000, Name = \"b\"), Add(\"a\", \"b\"), GlobalAveragePool2D",
        "the sum of its inputs, 100000000 + 100000000 = 200000000 values,")]
    [InlineData("Input(1, 10000, 10000), Conv2D(1, 1), Output(\"a\"), Conv2D(1, 1), Output(\"b\")",
        "the sum of its outputs, 100000000 + 100000000 = 200000000 values,")]
    public Task Several_inputs_and_outputs_are_limited_together(string stack, string what) => new Harness().ReportsAsync(
        $"using Strata;\n[Network, {stack}]\npartial class {{|STRATA036:Net|}};",
        $"Network 'Net': {what} is more than a network can hold, 134217727");

    [Fact]
    public async Task Activations_to_observe_are_limited_together()
    {
        string layers = string.Concat(Enumerable.Repeat("ReLU, Branch, Branch, Add, ", 20));
        Assert.Contains(
            (await new Harness().AnalyzeAsync(
                $"using Strata;\n[Network(Observable = true), Input(1, 10000, 10000), {layers}ReLU]\npartial class Net;")),
            diagnostic => diagnostic.Id == "STRATA036" && diagnostic.GetMessage(CultureInfo.InvariantCulture)
                == "Network 'Net': the sum of its layers, which Observable keeps, 4100000000 values, is more than 2147483647");
    }

    private const string Deep = "Conv2D(5, 3, Padding = 1), ReLU, ";
}
