using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;
using Strata.Tests;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The largest declarations that are allowed, and the messages for larger ones.</summary>
public sealed class ScaleTests
{
    private const string Convolution = "\n[Conv2D(8, 3, Padding = 1, Bias = false), BatchNorm, ReLU] class RAttribute : BlockAttribute;";

    private const string Residual =
        "\n[Branch, Conv2D(4, 1), Conv2D(4, 3, Padding = 1)][Branch][Add, ReLU] class RAttribute : BlockAttribute;";

    public static TheoryData<string, int, string, string> Largest => new(AllCases.Of<(string, int, string, string)>(
        [
            ("Flatten", 4990, "", "8"),
            ("R", 1245, Convolution, "8, 4, 4"),
            ("R", 620, Residual, "4, 4, 4"),
            ("Dense(4), Sigmoid", 2490, "", "8"),
        ], 2));

    [Theory]
    [MemberData(nameof(Largest))]
    public async Task A_network_at_the_limit_compiles(string layers, int times, string block, string input)
    {
        string source =
            $"using Strata;\n[Network, Input({input}), "
            + $"{string.Concat(Enumerable.Repeat(layers + ", ", times))} Flatten, Dense(2), CrossEntropy]\npublic "
            + $"partial class Net;{block}";
        GeneratorDriverRunResult result = await CpuTime.WithinAsync(TimeSpan.FromMinutes(6), () => new Harness().Generate(source));
        Assert.Contains(result.Results[0].GeneratedSources, file => file.HintName == "Net.Avx512.g.cs");
    }

    [Theory]
    [InlineData("[Network, Input(8), R({|STRATA028:Repeat = 1_000_000_000|}), Dense(3), CrossEntropy] partial class Net;",
        "R 'r1'", "Reduce Repeat")]
    [InlineData("[Network, Input(8), R(Name = \"a\", {|STRATA028:Repeat = 2501|}), Dense(3), CrossEntropy] partial class Net;",
        "R 'a.0'", "Reduce Repeat")]
    [InlineData("[Network, Input(8), {|STRATA028:D20|}, Dense(3), CrossEntropy] partial class Net;", "D20 'd201'", "Use fewer")]
    [InlineData("[Network, Input(8), Empty({|STRATA028:Repeat = 2_000_000_000|}), Dense(3), CrossEntropy] partial class Net;",
        "Empty 'empty1'", "Reduce Repeat")]
    public async Task One_repetition_too_many_is_one_error_and_its_stub_stays_small(string network, string label, string advice)
    {
        string doubling = string.Concat(
            Enumerable.Range(1, 20).Select(i => $"[D{i - 1}, D{i - 1}] class D{i}Attribute : BlockAttribute;\n"));
        string blocks =
            "\n[Dense(8)] class RAttribute : BlockAttribute;\nclass EmptyAttribute : "
            + "BlockAttribute;\n[ReLU] class D0Attribute : BlockAttribute;\n" + doubling;
        await new Harness().ReportsAsync(
            "using Strata;\n" + network + blocks,
            $"{label}: with it the network has more than 5000 layers, blocks and branches, the most that are compiled in a "
            + $"sensible time. {advice}.");
        GeneratorRunResult result = new Harness().Generate("using Strata;\n" + Markup.Parse(network).Source + blocks).Results[0];
        Assert.InRange(result.GeneratedSources.Sum(file => file.SourceText.Length), 1, 10_000);
    }

    [Fact]
    public async Task Layers_one_by_one_are_limited_too()
    {
        string source =
            $"using Strata;\n[Network, Input(8), {string.Concat(Enumerable.Repeat("ReLU, ", Expansion.MostItems))} "
            + "Dense(2)]\npartial class Net;";
        Assert.Equal(["STRATA028"], (await new Harness().AnalyzeAsync(source)).Select(diagnostic => diagnostic.Id));
    }

    [Theory]
    [InlineData(5000, true)]
    [InlineData(5001, false)]
    public void Exactly_5000_layers_are_a_network(int layers, bool isNetwork)
    {
        NetworkModel model = Graphs.ModelOf(
            $"using Strata;\n[Network, Input(8), {string.Concat(Enumerable.Repeat("Flatten, ", layers - 1))}Dense(2), Output(\"y\"), "
            + "CrossEntropy]\npublic partial class Net;");
        Assert.Equal(isNetwork ? [] : ["STRATA028"], model.Problems.Where(problem => problem.IsError).Select(problem => problem.Id));
        Assert.Equal(isNetwork ? layers : null, model.Graph?.Layers.Count());
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    [InlineData(3000, true)]
    public async Task Blocks_inside_one_another_are_limited(int depth, bool isTooDeep)
    {
        string blocks = string.Concat(Enumerable.Range(1, depth).Select(i => $"[D{i - 1}] class D{i}Attribute : BlockAttribute;\n"));
        string source =
            $"using Strata;\n[Network, Input(8), D{depth}(Name = \"\")] partial class Net;\n[Dense(2)] class D0Attribute : "
            + $"BlockAttribute;\n{blocks}";
        string[] expected = isTooDeep ? ["STRATA028"] : [];
        Assert.Equal(expected, (await new Harness().AnalyzeAsync(source)).Select(diagnostic => diagnostic.Id));
    }

    [Theory]
    [InlineData(190, true)]
    [InlineData(20_000, false)]
    public void An_expression_of_many_terms_has_a_value_or_an_error(int terms, bool hasValue)
    {
        string sum = string.Join(" + ", Enumerable.Repeat("M", terms));
        NetworkModel model = Graphs.ModelOf(
            $"using Strata;\n[Network, Input(8), B(3)] partial class Net;\n[Dense({sum})] class BAttribute : BlockAttribute {{ const int "
            + "M = 1; public BAttribute(int m) { } }");
        Assert.Equal(hasValue ? [] : ["STRATA029"], model.Problems.Select(problem => problem.Id));
        Assert.Equal(hasValue ? (3 * terms).ToString(CultureInfo.InvariantCulture) : null, model.Graph?.Output.Shape.ToString());
    }

    [Theory]
    [InlineData("[Network, Input(8), Dense({0})] partial class Net;")]
    [InlineData("[Network, Input(8), B(3)] partial class Net; [Dense(M), Dense({0})] class BAttribute : BlockAttribute {{ const int M "
        + "= 1; public BAttribute(int m) {{ }} }}")]
    public void An_expression_of_many_terms_that_no_use_changes_is_the_compilers(string source)
    {
        string sum = string.Join(" + ", Enumerable.Repeat("1", 20_000));
        Assert.Equal("20000",
            Graphs.ModelOf("using Strata;\n" + string.Format(CultureInfo.InvariantCulture, source, sum)).Graph?.Output.Shape.ToString());
    }

    [Fact]
    public void Constants_through_many_others_have_an_error()
    {
        string constants = string.Concat(Enumerable.Range(1, 5000).Select(i => $"const int M{i} = M{i - 1} + 1;\n"));
        NetworkModel model = Graphs.ModelOf(
            $"using Strata;\n[Network, Input(8), B(3)] partial class Net;\n[Dense(M5000)] class BAttribute : BlockAttribute {{ const int "
            + $"M0 = 1; {constants} public BAttribute(int m0) {{ }} }}");
        Assert.Equal(["STRATA029"], model.Problems.Select(problem => problem.Id));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(150, false)]
    public void Constants_through_others_of_many_terms_have_a_value_or_an_error(int count, bool hasValue)
    {
        string zeros = string.Concat(Enumerable.Repeat(" + 0", 150));
        string constants = string.Concat(Enumerable.Range(1, count).Select(i => $"const int M{i} = M{i - 1}{zeros};\n"));
        string source =
            $"using Strata;\n[Network, Input(8), B(3)] partial class Net;\n[Dense(M{count})] class BAttribute : BlockAttribute {{ const "
            + $"int M0 = 1; {constants} public BAttribute(int m0) {{ }} }}";

        // No more stack than a thread has on Windows.
        NetworkModel? model = null;
        var thread = new Thread(() => model = Graphs.ModelOf(source), 1 << 20);
        thread.Start();
        thread.Join();
        Assert.Equal(hasValue ? [] : ["STRATA029"], model!.Problems.Select(problem => problem.Id));
        Assert.Equal(hasValue ? "3" : null, model.Graph?.Output.Shape.ToString());
    }

    [Theory]
    [InlineData("Input(1, 512, 512), Conv2D(4, 64, Stride = 64)", null)]
    [InlineData("Input(1, 60000), Conv1D(2, 4, Stride = 50000)", null)]
    [InlineData("Input(1, 60000), Conv1D(2, 50000)", null)]
    [InlineData("Input(1, 100000), Conv1D(2, 50000, {|STRATA038:Stride = 50000|})",
        "Conv1D 'conv1': its stride makes 50000 different places")]
    [InlineData("Input(1, 520, 520), Conv2D(4, 65, {|STRATA038:Stride = 65|})",
        "Conv2D 'conv1': its stride makes 65·65 = 4225 different places")]
    public async Task Strides_are_limited_by_the_code_that_backward_needs_for_them(string layers, string? message)
    {
        string declaration =
            $"using Strata;\n[Network(InputGradient = true), {layers}, Flatten, Dense(2), CrossEntropy]\npublic partial class Net;";
        if (message is not null)
        {
            await new Harness().ReportsAsync(
                declaration,
                message + " in the input, for each of which the backward pass has code; at most 4096. Reduce the stride or the kernel.");
            return;
        }

        GeneratorDriverRunResult result = await CpuTime.WithinAsync(TimeSpan.FromMinutes(2), () => new Harness().Generate(declaration));
        Assert.Contains(result.Results[0].GeneratedSources, file => file.HintName == "Net.Avx512.g.cs");
    }

    [Fact]
    public async Task Sixteen_thousand_class_weights_are_a_matter_of_seconds()
    {
        string weights = string.Join(", ", Enumerable.Range(1, 16_000).Select(i => $"1.{i}"));
        string source =
            $"using Strata;\n[Network, Input(8), Dense(16000), CrossEntropy(ClassWeights = new double[] {{ {weights} "
            + "})]\npublic partial class Net;";
        GeneratorDriverRunResult result = await CpuTime.WithinAsync(TimeSpan.FromMinutes(2), () => new Harness().Generate(source));
        Assert.Contains(result.Results[0].GeneratedSources, file => file.HintName == "Net.Avx512.g.cs");
    }
}
