using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Strata.Compiler.Declarations;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What a network may cost, and where it exceeds that.</summary>
public sealed class BudgetRuleTests
{
    private static string Net(string before, string first, string relu, string second, string dense) =>
        $"using Strata;\n[Network, Input(1, 28, 28), {before}]\n[{first}, {relu}, MaxPool2D(2), {second}, ReLU, MaxPool2D(2)]\n"
        + $"[Flatten, {dense}, ReLU, Dense(10)]\npartial class Net;";

    private static string Net(string before) => Net(before, "Conv2D(6, 5)", "ReLU", "Conv2D(16, 5)", "Dense(256)");

    private static Task ReportsAsync(string marked, params string[] messages) => new Harness().ReportsAsync(marked, messages);

    [Fact]
    public Task Too_many_parameters_are_reported_at_the_layer_that_exceeds_the_sum() => ReportsAsync(
        Net("Budget(Parameters = 50_000)", "Conv2D(6, 5)", "ReLU", "Conv2D(16, 5)", "{|STRATA066:Dense(256)|}"),
        "Dense 'dense1' exceeds the budget of 50,000 parameters: with its 65,792 the network has 68,364 so far, of 70,934 in all. The "
        + "largest are Dense 'dense1' with 65,792, Dense 'dense2' with 2,570, Conv2D 'conv2' with 2,416.");

    [Fact]
    public Task Too_many_multiply_adds_are_reported() => ReportsAsync(
        Net("Budget(MultiplyAdds = 200_000)", "Conv2D(6, 5)", "ReLU", "{|STRATA066:Conv2D(16, 5)|}", "Dense(256)"),
        "Conv2D 'conv2' exceeds the budget of 200,000 multiply-adds: with its 153,600 the network has 240,000 so far, of 308,096 in all. "
        + "The largest are Conv2D 'conv2' with 153,600, Conv2D 'conv1' with 86,400, Dense 'dense1' with 65,536.");

    [Fact]
    public Task Activations_count_from_the_input_on() => ReportsAsync(
        Net("Budget(ActivationBytes = 20_000)", "Conv2D(6, 5)", "{|STRATA066:ReLU|}", "Conv2D(16, 5)", "Dense(256)"),
        "ReLU 'relu1' exceeds the budget of 20,000 bytes of activations: with its 13,824 the network has 30,784 so far, of 46,568 in all. "
        + "The largest are Conv2D 'conv1' with 13,824, ReLU 'relu1' with 13,824, Conv2D 'conv2' with 4,096.");

    /// <summary>A sum may be as large as its limit.</summary>
    [Theory]
    [InlineData("Budget(Parameters = 70_934, MultiplyAdds = 308_096, ActivationBytes = 46_568)")]
    [InlineData("Budget(Milliseconds = 1)")]
    [InlineData("Budget")]
    public Task A_network_within_its_budget_is_compiled(string budget) => ReportsAsync(Net(budget));

    [Theory]
    [InlineData("Parameters = 70_933", "dense2")]
    [InlineData("MultiplyAdds = 308_095", "dense2")]
    [InlineData("ActivationBytes = 46_567", "dense2")]
    public void One_less_is_too_little(string limit, string layer)
    {
        NetworkModel model = Graphs.ModelOf(Net($"Budget({limit})"));
        Assert.Null(model.Graph);
        Assert.Contains($"Dense '{layer}' exceeds", Assert.Single(model.Problems).Message);
    }

    [Fact]
    public void Each_limit_is_reported_for_itself() => Assert.Equal(
        ["Conv2D 'conv1' exceeds the budget of 1 parameter", "Conv2D 'conv1' exceeds the budget of 1 multiply-add",
            "Conv2D 'conv1' exceeds the budget of 1 byte of activations"],
        Graphs.ModelOf(Net("Budget(Parameters = 1, MultiplyAdds = 1, ActivationBytes = 1)"))
            .Problems.Select(problem => problem.Message.Split(':')[0]));

    [Fact]
    public Task Limits_are_positive_and_families_are_known() => ReportsAsync(
        Net("Budget({|STRATA020:Parameters = 0|}, {|STRATA020:MultiplyAdds = -5|}, {|STRATA020:ActivationBytes = 0|}, "
            + "{|STRATA020:Milliseconds = 0|}, {|STRATA020:Family = \"Z80\"|}, {|STRATA020:Gigahertz = -1|})"),
        "Budget: Parameters cannot be 0. Use at least 1.",
        "Budget: MultiplyAdds cannot be −5. Use at least 1.",
        "Budget: ActivationBytes cannot be 0. Use at least 1.",
        "Budget: Milliseconds cannot be 0. Use a number that is more than 0.",
        "Budget: Family cannot be 'Z80'. Use one of Zen 5, Zen 4, Sapphire Rapids, Skylake server, Zen 3, Skylake, Gracemont, "
        + "Neoverse N1, Sandy Bridge.",
        "Budget: Gigahertz cannot be −1. Use a number that is more than 0.");

    [Fact]
    public Task A_family_without_a_time_has_no_effect() => ReportsAsync(
        Net("Budget({|STRATA058:Family = \"Zen 3\"|})"),
        "Budget: Family has no effect, since Milliseconds is not limited. Remove it.");

    [Fact]
    public Task A_block_has_no_budget() => ReportsAsync(
        "using Strata;\n[Network, Input(3, 8, 8), Pair]\npartial class Net;\n"
        + "[Conv2D(4, 3), {|STRATA022:Budget(Parameters = 5)|}, ReLU]\nclass PairAttribute : BlockAttribute;",
        "Budget: a block has no budget of its own. Put it on the network.");

    [Fact]
    public Task A_block_has_neither_input_nor_sizes() => ReportsAsync(
        "using Strata;\n[Network, Input(3, 8, 8), Pair]\npartial class Net;\n"
        + "[{|STRATA022:Input(3, 8, 8)|}, {|STRATA022:Sizes(Width = new[] { 9 })|}, ReLU]\nclass PairAttribute : BlockAttribute;",
        "Input: a block has no input of its own. It reads the tensor before it, or the one that From names.",
        "Sizes: a block has no input of its own. Put it on the network.");

    [Fact]
    public void The_layers_of_another_network_come_without_its_budget()
    {
        NetworkModel model = Graphs.ModelOf(
            "using Strata;\n[Network, Input(3, 16, 16), Budget(Parameters = 60), Conv2D(2, 3)] partial class Net;\n"
            + "[Network, Input(3, 16, 16), LayersOf(typeof(Net)), Conv2D(9, 3)] partial class Other;",
            "Other");
        Assert.Empty(model.Problems);
    }

    [Fact]
    public Task A_budget_holds_at_each_declared_size() => ReportsAsync(
        "using Strata;\n[Network, Input(1, 8, 8), {|STRATA059:Sizes(Width = new[] { 16 })|}, Budget(MultiplyAdds = 2_000), Conv2D(4, 3)]\n"
        + "partial class Net;",
        "Sizes: the network cannot have the size 8×16: Conv2D 'conv1' exceeds the budget of 2,000 multiply-adds: with its 3,024 the "
        + "network has 3,024 so far, of 3,024 in all. The largest is Conv2D 'conv1' with 3,024.");

    /// <summary>The time is known after lowering only: the generator finds it, and the analyzer asks where.</summary>
    [Fact]
    public async Task A_time_that_is_exceeded_is_reported_at_its_layer()
    {
        double[] times = TimesOf("Zen 4", 2);
        double limit = times[..4].Sum() * 1.0001;
        string budget = FormattableString.Invariant($"Budget(Milliseconds = {limit:R}, Family = \"Zen 4\", Gigahertz = 2)");
        ImmutableArray<Microsoft.CodeAnalysis.Diagnostic> found = await new Harness().AnalyzeAsync(Net(budget));
        Microsoft.CodeAnalysis.Diagnostic problem = Assert.Single(found, diagnostic => diagnostic.Id == "STRATA066");
        string message = problem.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(" milliseconds on Zen 4 at 2 GHz: with its ", message);
        string layer = times[4] > 0 ? "ReLU" : times[5] > 0 ? "MaxPool2D(2)" : times[6] > 0 ? "Flatten" : "Dense(256)";
        Assert.Equal(layer, problem.Location.SourceTree!.GetText(CancellationToken.None).ToString(problem.Location.SourceSpan));
    }

    [Fact]
    public Task A_block_that_repeats_is_reported_where_the_sum_exceeds_the_limit() => ReportsAsync(
        "using Strata;\n[Network, Input(3, 8, 8), Budget(Parameters = 300)]\n[Pair, {|STRATA066:Pair|}, Pair]\npartial class Net;\n"
        + "[Conv2D(5, 3, Padding = 1), Conv2D(3, 1)]\nclass PairAttribute : BlockAttribute;",
        "Conv2D 'pair2.conv2' exceeds the budget of 300 parameters: with its 18 the network has 316 so far, of 474 in all. The largest "
        + "are Conv2D 'pair1.conv1' with 140, Conv2D 'pair2.conv1' with 140, Conv2D 'pair3.conv1' with 140.");

    [Fact]
    public Task A_layer_of_a_block_is_marked_in_the_block() => ReportsAsync(
        "using Strata;\n[Network, Input(3, 8, 8), Budget(Parameters = 10, MultiplyAdds = 20_000), Pair]\npartial class Net;\n"
        + "[{|STRATA066:Conv2D(5, 3, Padding = 1)|}, {|STRATA066:Conv2D(200, 1)|}]\nclass PairAttribute : BlockAttribute;",
        "Conv2D 'pair1.conv1' exceeds the budget of 10 parameters: with its 140 the network has 140 so far, of 1,340 in all. The largest "
        + "are Conv2D 'pair1.conv2' with 1,200, Conv2D 'pair1.conv1' with 140.",
        "Conv2D 'pair1.conv2' exceeds the budget of 20,000 multiply-adds: with its 64,000 the network has 72,640 so far, of 72,640 in all. "
        + "The largest are Conv2D 'pair1.conv2' with 64,000, Conv2D 'pair1.conv1' with 8,640.");

    [Fact]
    public Task Two_limits_are_reported_each_at_its_own_use_of_a_block() => ReportsAsync(
        "using Strata;\n[Network, Input(3, 8, 8), Budget(Parameters = 150, MultiplyAdds = 15_000)]\n"
        + "[{|STRATA066:Pair|}, {|STRATA066:Pair|}, Pair]\npartial class Net;\n"
        + "[Conv2D(5, 3, Padding = 1), Conv2D(3, 1)]\nclass PairAttribute : BlockAttribute;",
        "Conv2D 'pair1.conv2' exceeds the budget of 150 parameters: with its 18 the network has 158 so far, of 474 in all. The largest are "
        + "Conv2D 'pair1.conv1' with 140, Conv2D 'pair2.conv1' with 140, Conv2D 'pair3.conv1' with 140.",
        "Conv2D 'pair2.conv1' exceeds the budget of 15,000 multiply-adds: with its 8,640 the network has 18,240 so far, of 28,800 in all. "
        + "The largest are Conv2D 'pair1.conv1' with 8,640, Conv2D 'pair2.conv1' with 8,640, Conv2D 'pair3.conv1' with 8,640.");

    [Fact]
    public Task Layers_of_another_network_are_too_much_where_they_are_taken() => ReportsAsync(
        "using Strata;\n[Network, Input(3, 8, 8), Conv2D(2, 3)]\npartial class Net;\n"
        + "[Network, Input(3, 8, 8), Budget(Parameters = 9), {|STRATA066:LayersOf(typeof(Net))|}]\npartial class Other;",
        "Conv2D 'conv1' exceeds the budget of 9 parameters: with its 56 the network has 56 so far, of 56 in all. The largest is "
        + "Conv2D 'conv1' with 56.");

    [Fact]
    public async Task A_time_is_exceeded_in_a_block_as_other_sums_are()
    {
        ImmutableArray<Microsoft.CodeAnalysis.Diagnostic> found = await new Harness().AnalyzeAsync(
            "using Strata;\n[Network, Input(3, 8, 8), Budget(Milliseconds = 1e-9), Pair]\npartial class Net;\n"
            + "[Conv2D(5, 3, Padding = 1), Conv2D(3, 1)]\nclass PairAttribute : BlockAttribute;");
        Microsoft.CodeAnalysis.Diagnostic problem = Assert.Single(found, diagnostic => diagnostic.Id == "STRATA066");
        Assert.Equal(
            "Conv2D(5, 3, Padding = 1)",
            problem.Location.SourceTree!.GetText(CancellationToken.None).ToString(problem.Location.SourceSpan));
    }

    /// <summary>A layer may be made of parts, and a convolution may have a batch norm in front of it, with which it is one step.</summary>
    [Theory]
    [InlineData("[Input(32, 40)]\n[LayerNorm, Attention(4, Name = \"a\")]", 1)]
    [InlineData("[Input(16, 20, 20)]\n[BatchNorm, ReLU, Conv2D(32, 1)]", 2)]
    [InlineData("[Input(16, 20, 20)]\n[ReLU, Conv2D(32, 5, Padding = 2, PaddingMode = PaddingMode.Reflect)]", 1)]
    [InlineData("[Input(16, 20)]\n[ReLU, LSTM(24)]", 1)]
    [InlineData("[Input(16, 20)]\n[Attention(4, Name = \"a\"), ReLU(Name = \"a.heads\")]", 0)]
    public void The_time_of_parts_is_that_of_their_layer(string stack, int slowest)
    {
        double[] times = ExpectedTime.Of(Graphs.Of(stack), "Zen 5", 3, CancellationToken.None);
        Assert.Equal(times.Max(), times[slowest]);
    }

    [Fact]
    public void A_network_whose_blocks_are_empty_takes_no_time() =>
        Assert.Empty(ExpectedTime.Of(Graphs.Of("[Input(4, 8, 8)]\n[Shortcut(4)]"), "Zen 5", 3, CancellationToken.None));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1e-9, "0.000000001")]
    [InlineData(0.123456, "0.123456")]
    [InlineData(999.5, "999.5")]
    [InlineData(1_234_567, "1,234,567")]
    [InlineData(4_100_000_000, "4,100,000,000")]
    public void Numbers_are_grouped(double number, string text) =>
        Assert.Equal(text, Strata.Compiler.Foundation.Arithmetic.Grouped(number));

    [Fact]
    public void Without_the_analyzer_the_generator_stops_the_build()
    {
        var harness = new Harness { Properties = ImmutableDictionary<string, string>.Empty.Add("RunAnalyzers", "false") };
        string errors = harness.Generate(Net("Budget(Milliseconds = 1e-9)"))
            .GeneratedTrees.Single(tree => tree.FilePath.EndsWith("Net.Errors.g.cs", StringComparison.Ordinal)).ToString();
        Assert.Contains("#error STRATA066: Conv2D 'conv1' exceeds the budget of 0.000000001 milliseconds on Zen 5 at 3 GHz", errors);
    }

    /// <summary>Twice the clock is half the time, and every layer that computes takes some.</summary>
    [Fact]
    public void Times_are_those_of_the_family_and_the_clock()
    {
        double[] slow = TimesOf("Zen 3", 2), fast = TimesOf("Zen 3", 4), other = TimesOf("Gracemont", 4);
        Assert.Equal(slow.Select(time => time / 2), fast);
        Assert.True(fast.Sum() < other.Sum());
        Assert.All(new[] { 0, 3, 7, 9 }, layer => Assert.InRange(fast[layer], 1e-6, 1));
    }

    private static double[] TimesOf(string family, double gigahertz) =>
        ExpectedTime.Of(Graphs.ModelOf(Net("Budget")).Graph!, family, gigahertz, CancellationToken.None);
}
