using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// Attributes that the C# compiler refuses. The compiler then runs no analyzer for the class, so the generator reports what is wrong.
/// </summary>
public sealed class BindingRuleTests
{
    [Theory]
    [InlineData("{|STRATA071:Conv2D(3, 16, 3)|}", "[Conv2D] takes (filters, kernel): the number of input channels is known. Write "
        + "[Conv2D(16, 3)].")]
    [InlineData(
        "{|STRATA071:Conv2D(3, 64, 7, 2, 3, Name = \"c\")|}",
        "[Conv2D] takes (filters, kernel): the number of input channels is known, and all others have names. Write [Conv2D(64, 7, "
            + "Stride = 2, Padding = 3, Name = \"c\")].")]
    [InlineData(
        "{|STRATA071:Conv2D(16, 3, 2)|}",
        "[Conv2D] takes (filters, kernel): the number of input channels is known. Write [Conv2D(3, 2)], or [Conv2D(16, 3, Stride = 2)] "
            + "if 16 is the number of filters.")]
    [InlineData("{|STRATA071:ConvTranspose2D(8, 4, 2)|}", "[ConvTranspose2D] takes (filters, kernel): the number of input channels is "
        + "known. Write [ConvTranspose2D(4, 2)], or [ConvTranspose2D(8, 4, Stride = 2)] if 8 is the number of filters.")]
    [InlineData("{|STRATA071:BatchNorm(8)|}", "[BatchNorm] takes no arguments without names: the number of channels is known. Write "
        + "[BatchNorm].")]
    [InlineData("{|STRATA071:GroupNorm(2, 8)|}", "[GroupNorm] takes (groups): the number of channels is known. Write [GroupNorm(2)].")]
    [InlineData("{|STRATA071:MaxPool2D(2, 2)|}", "[MaxPool2D] takes (kernel): all others have names. Write [MaxPool2D(2, Stride = 2)].")]
    [InlineData("{|STRATA071:Softmax(1)|}", "[Softmax] takes no arguments without names:"
        + " it runs along the channels, or along the Axes that are set. Write [Softmax].")]
    [InlineData("{|STRATA071:ReLU(true)|}", "[ReLU] takes no arguments without names: all others have names. Write [ReLU].")]
    [InlineData(
        "Flatten, {|STRATA071:Dense(784, 10)|}",
        "[Dense] takes (units): the number of input features is known. Write [Dense(10)].")]
    [InlineData("{|STRATA072:Conv2D(16)|}", "[Conv2D] needs kernel. Write [Conv2D(16, kernel)].")]
    [InlineData("{|STRATA072:Conv2D(Bias = false)|}", "[Conv2D] needs filters and kernel. Write [Conv2D(filters, kernel, Bias = false)].")]
    [InlineData("{|STRATA072:Conv2D(kernel: 3)|}", "[Conv2D] needs filters. Write [Conv2D(filters, 3)].")]
    [InlineData("Conv2D(16, {|STRATA073:\"3\"|})", "[Conv2D]: kernel takes an integer, not \"3\". Write 3.")]
    [InlineData("Conv2D(16, {|STRATA073:3.0|})", "[Conv2D]: kernel takes an integer, not 3.0. Write 3.")]
    [InlineData("Conv2D(16, {|STRATA073:(3, 5)|})", "[Conv2D]: kernel takes an integer, not (3, 5). Write 3, KernelHeight = 3, "
        + "KernelWidth = 5.")]
    [InlineData("Conv2D(16, {|STRATA073:[3, 3]|})", "[Conv2D]: kernel takes an integer, not [3, 3]. Write 3.")]
    [InlineData("Conv2D(16, 3, {|STRATA073:Padding = \"same\"|})", "[Conv2D]: Padding takes an integer, not \"same\". Write AutoPad = "
        + "AutoPad.Same.")]
    [InlineData("Conv2D(16, 3, {|STRATA073:PaddingMode = \"reflect\"|})", "[Conv2D]: PaddingMode takes a value of PaddingMode, not "
        + "\"reflect\". Write PaddingMode.Reflect.")]
    [InlineData("Conv2D(16, 3, {|STRATA073:Bias = 0|})", "[Conv2D]: Bias takes true or false, not 0. Write false.")]
    [InlineData("Conv2D(16, 3, {|STRATA073:Bias = False|})", "[Conv2D]: Bias takes true or false, not False. Write false.")]
    [InlineData("Conv2D(16, 3, {|STRATA073:Name = 1|})", "[Conv2D]: Name takes a text in quotes, not 1. Write a text, such as \"name\".")]
    [InlineData("Dropout({|STRATA073:\"0.5\"|})", "[Dropout]: rate takes a number, not \"0.5\". Write 0.5.")]
    [InlineData("Conv2D(16, 3, {|STRATA074:Strides = 2|})", "[Conv2D] has no argument 'Strides'. Use Stride = 2.")]
    [InlineData("Conv2D(16, {|STRATA074:kernel_size: 3|})", "[Conv2D] has no argument 'kernel_size'. Use kernel: 3.")]
    [InlineData("Conv2D(16, 3, {|STRATA074:use_bias = false|})", "[Conv2D] has no argument 'use_bias'. Use Bias = false.")]
    [InlineData("Conv2D(16, 3, {|STRATA074:Filters = 2|})", "[Conv2D] has no argument 'Filters'. This one has no name: write "
        + "[Conv2D(filters, kernel)].")]
    [InlineData(
        "Conv2D({|STRATA074:in_channels: 3|}, filters: 8, kernel: 3)",
        "[Conv2D] has no argument 'in_channels'. Leave it out: the number of input channels is known.")]
    [InlineData("Conv2D({|STRATA074:out_channels: 8|}, kernel: 3)", "[Conv2D] has no argument 'out_channels'. Use filters: 8.")]
    [InlineData("Dropout({|STRATA074:p: 0.2|})", "[Dropout] has no argument 'p'. Use rate: 0.2.")]
    [InlineData("Softmax({|STRATA074:dim = 1|})", "[Softmax] has no argument 'dim'. Leave it out:"
        + " it runs along the channels, or along the Axes that are set.")]
    [InlineData("BatchNorm({|STRATA074:eps = 1e-3|})", "[BatchNorm] has no argument 'eps'. Use Epsilon = 1e-3.")]
    [InlineData("ReLU({|STRATA074:inplace = true|})", "[ReLU] has no argument 'inplace'. It has Name, From, Frozen, Weights.")]
    [InlineData("{|STRATA070:Linear(10)|}", "There is no layer, block or loss [Linear]. The nearest is [Dense]. FROM-PYTORCH.md: "
        + "PyTorch's nn.Linear(in, n) is [Dense(n)], with OverChannels = true for each pixel by itself; "
        + "Keras keeps the weights transposed.")]
    [InlineData("{|STRATA070:MaxPooling2D(2)|}", "There is no layer, block or loss [MaxPooling2D]. The nearest is [MaxPool2D]. "
        + "FROM-PYTORCH.md: Keras' MaxPooling2D(2) is [MaxPool1D(2)], [MaxPool2D(2)], [MaxPool3D(2)].")]
    [InlineData("{|STRATA070:Conv2d(16, 3)|}", "There is no layer, block or loss [Conv2d]. The nearest is [Conv2D].")]
    [InlineData("{|STRATA070:LeakyRelu|}", "There is no layer, block or loss [LeakyRelu]. The nearest is [LeakyReLU].")]
    [InlineData("{|STRATA070:Strata.Dence(3)|}", "There is no layer, block or loss [Dence]. The nearest is [Dense].")]
    [InlineData("{|STRATA070:Doubly|}", "There is no layer, block or loss [Doubly]. The nearest is [Double].")]
    [InlineData("{|STRATA070:EmbeddingBag|}", "There is no layer, block or loss [EmbeddingBag]. FROM-PYTORCH.md: PyTorch's nn.EmbeddingBag "
        + "is not there: inputs are numbers. Rows of a table are [Embedding(count, n)]; or write classes as zeros and ones, and "
        + "[Dense(n)].")]
    public Task What_the_compiler_refuses_has_the_right_form_beside_it(string stack, string message) =>
        new Harness().ReportsAsync(Network(stack), message);

    [Theory]
    [InlineData("Dense(Missing)")]
    [InlineData("Dense(Sizes.Variable)")]
    [InlineData("Frobnicate")]
    [InlineData("Conv2D(4, Missing.Kernel)")]
    public Task What_another_generator_may_make_is_left_to_the_compiler(string layer) =>
        new Harness().ReportsAsync(Network(layer + ", Dense(10)"));

    /// <summary>But not what is wrong besides.</summary>
    [Fact]
    public Task What_stands_beside_an_unknown_constant_is_reported() => new Harness().ReportsAsync(
        Network("Conv2D(4, {|STRATA030:30|}), Dense(Missing), Dropout({|STRATA020:2|}), Frobnicate, ReLU(From = \"frobnicate1\"), Concat"),
        "Conv2D 'conv1': height (28 + 2·0 − 30)/1 + 1 = −1 is less than 1; input is 1×28×28. Reduce the kernel or add padding.",
        "Dropout 'dropout1': rate cannot be 2. Use at least 0 and less than 1.");

    private static string Network(string stack) =>
        $"using Strata;\n[Network, Input(1, 28, 28)]\n[{stack}]\npartial class Net;\n[ReLU]\nclass DoubleAttribute : "
            + $"BlockAttribute;\nstatic class Sizes {{ public static int Variable = 2; }}";

    [Fact]
    public Task All_other_problems_of_the_network_are_reported_with_it() => new Harness().ReportsAsync(
        """
        using Strata;
        [Network({|STRATA074:Profil = true|})]
        [Input(1, 28, 28), Conv2D(4, {|STRATA030:30|})]
        [{|STRATA071:Conv2D(4, 16, 3)|}, Dropout({|STRATA020:1.5|}), ReLU({|STRATA044:From = "convv"|})]
        [{|STRATA070:Dence(10)|}, Dense({|STRATA020:0|}), CrossEntropy]
        class {|STRATA001:Net|};
        """,
        "[Network] has no argument 'Profil'. Use Profile = true.",
        "Conv2D 'conv1': height (28 + 2·0 − 30)/1 + 1 = −1 is less than 1; input is 1×28×28. Reduce the kernel or add padding.",
        "[Conv2D] takes (filters, kernel): the number of input channels is known. Write [Conv2D(16, 3)].",
        "Dropout 'dropout1': rate cannot be 1.5. Use at least 0 and less than 1.",
        "ReLU 'relu1': there is no layer, block or input 'convv'. The nearest name is 'conv1'.",
        "There is no layer, block or loss [Dence]. The nearest is [Dense].",
        "Dense 'dense2': units cannot be 0. Use at least 1.",
        "Network 'Net' is not partial, but the generator has to add its members. Write 'partial class Net'.");

    /// <summary>What follows from a mistake is no mistake.</summary>
    [Theory]
    [InlineData("Branch, Conv2D(4, 1), Branch, {|STRATA071:Conv2D(1, 4, 1)|}, Add, Flatten, Dense(10), CrossEntropy")]
    [InlineData("{|STRATA071:Conv2D(1, 4, 1, Name = \"c\")|}, ReLU, Conv2D(4, 1, From = \"c\"), Dense(10)")]
    [InlineData("{|STRATA071:Conv2D(1, 4, 1, Name = Names.First)|}, ReLU, Conv2D(4, 1, From = \"c\"), Dense(10)")]
    [InlineData("{|STRATA070:Conv2d(4, 1)|}, Conv2D(4, 1), ReLU(From = \"conv2\"), Add(\"conv1\", \"conv2\")")]
    [InlineData("Branch, Conv2D(4, 1), Branch, {|STRATA070:Concatenate|}, Dense(10)")]
    [InlineData("Branch, Conv2D(4, 1), Branch, {|STRATA070:EmbeddingBag|}, Branch, Add, ReLU(From = \"embeddingbag1\"), Add, Dense(10)")]
    [InlineData("Conv2D(4, 3, Name = \"pool\"), MaxUnpool2D(\"x\", {|STRATA074:Kernels = 3|})")]
    [InlineData("Flatten, Dense(4), {|STRATA070:CrossEntropyLoss|}")]
    [InlineData("Flatten, Dense(4), Output({|STRATA073:1|}), Dense(3), Output(\"b\")")]
    public async Task What_follows_from_it_is_not_reported(string stack)
    {
        const string Names = "static class Names { public const string First = \"c\"; }";
        (string source, var spans) = Markup.Parse($"using Strata;\n[Network, Input(1, 28, 28)]\n[{stack}]\npartial class Net;\n{Names}");
        ImmutableArray<Diagnostic> diagnostics = await new Harness().AnalyzeAsync(source);
        Assert.Equal(spans.Select(span => span.Id), diagnostics.Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public Task A_mistake_in_a_block_stands_there_once() => new Harness().ReportsAsync(
        """
        using Strata;
        [Network, Input(1, 28, 28), Twice(4), Twice(8, Repeat = 2)] partial class One;
        [Network, Input(1, 28, 28), Twice(4), Conv2D(4, {|STRATA030:30|}, From = "input")] partial class Two;
        [Network, Input(1, 28, 28), {|STRATA074:Conv2D(4, 3, Stridee = 1)|}] partial class Three;
        [{|STRATA071:Conv2D(1, N, 3)|}, {|STRATA070:Relu|}, Dense({|STRATA073:"a"|})]
        class TwiceAttribute : BlockAttribute { const int N = 1; public TwiceAttribute(int n) { } }
        """.Replace("{|STRATA074:Conv2D(4, 3, Stridee = 1)|}", "Conv2D(4, 3, {|STRATA074:Stridee = 1|})", StringComparison.Ordinal),
        "Conv2D 'conv1': height (28 + 2·0 − 30)/1 + 1 = −1 is less than 1; input is 1×28×28. Reduce the kernel or add padding.",
        "[Conv2D] has no argument 'Stridee'. Use Stride = 1.",
        "[Conv2D] takes (filters, kernel): the number of input channels is known. Write [Conv2D(N, 3)].",
        "There is no layer, block or loss [Relu]. The nearest is [ReLU].",
        "[Dense]: units takes an integer, not \"a\". Write a whole number, such as 3.");

    /// <summary>The uses are further locations, as with the analyzer.</summary>
    [Fact]
    public async Task The_arguments_of_a_block_are_checked_as_a_layers()
    {
        ImmutableArray<Diagnostic> diagnostics = await new Harness().AnalyzeAsync("""
            using Strata;
            [Network, Input(1, 28, 28), Twice(1, 4, 3), Twice, Twice("4"), Twice(4, Repeats = 2)] partial class Net;
            [ReLU] class TwiceAttribute : BlockAttribute { const int N = 1; public TwiceAttribute(int n) { } }
            """);
        Assert.Equal(
            [
                "STRATA071: [Twice] takes (n): all others have names. Write [Twice(1)].",
                "STRATA072: [Twice] needs n. Write [Twice(n)].",
                "STRATA073: [Twice]: n takes an integer, not \"4\". Write 4.",
                "STRATA074: [Twice] has no argument 'Repeats'. Use Repeat = 2.",
            ],
            diagnostics.Select(diagnostic => $"{diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}"));
    }

    /// <summary>No analyzer runs for it in a build, but the compiler's error is the author's to fix first.</summary>
    [Fact]
    public async Task A_network_whose_attributes_the_compiler_takes_is_left_to_the_analyzer()
    {
        var harness = new Harness();
        var result = harness.Generate(
            "using Strata;\n[Network, Input(1, 28, 28), Conv2D(1, 4, 3)] partial class A;\n[Network, Input(1, 28, 28), Conv2D(4, 30)] "
                + "partial class B;");
        Assert.Equal(["STRATA071"], result.Diagnostics.Select(diagnostic => diagnostic.Id));
        await harness.ReportsAsync(
            "using Strata;\n[Network, Input(1, 28, 28), Conv2D(4, {|STRATA030:30|})] partial class B; class Other { Unknown field; }",
            "Conv2D 'conv1': height (28 + 2·0 − 30)/1 + 1 = −1 is less than 1; input is 1×28×28. Reduce the kernel or add padding.");
    }

    /// <summary>Without the analyzer, too, and each once.</summary>
    [Fact]
    public void It_is_reported_where_analyzers_are_switched_off()
    {
        var harness = new Harness { Properties = ImmutableDictionary<string, string>.Empty.Add("RunAnalyzers", "false") };
        var result = harness.Generate("using Strata;\n[Network, Input(1, 28, 28), Conv2D(1, 4, 3)] partial class A;");
        Assert.Equal(["STRATA071"], result.Diagnostics.Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public void A_name_of_each_row_of_the_page_is_found()
    {
        foreach (string name in new[] { "Conv1d", "ConvTranspose2d", "MaxPool3d", "LPPool2d", "AdaptiveAvgPool2d", "GlobalAveragePooling2D",
            "BatchNormalization", "InstanceNorm1d", "Dropout2d", "SpatialDropout2D", "ZeroPad2d", "UpSampling2D", "SiLU", "swish",
            "soft_shrink", "Hardsigmoid", "Multiply", "cat", "Concatenate", "CrossEntropyLoss", "mse", "BCEWithLogitsLoss", "RNN",
            "MultiHeadAttention", "Embedding", "permute", "chunk" })
        {
            Assert.True(ForeignNames.Find(name)?.CallOf(name) is not null, name);
        }

        Assert.Null(ForeignNames.Find("in"));
        Assert.Null(ForeignNames.Find("Step"));
        Assert.Equal("Dense", ForeignNames.Find("Linear")!.Kinds.First());
        Assert.Empty(ForeignNames.Find("RNN")!.Kinds);
    }

    /// <summary>The places of PyTorch are arguments of the operator, those without names first and in its order.</summary>
    [Fact]
    public void The_places_of_PyTorch_are_arguments() => Assert.All(OperatorSet.BuiltIn.All.OfType<LayerOperator>(), layer =>
    {
        string[] places = [.. layer.PyTorchPlaces.Where(place => place.Argument is not null).Select(place => place.Argument!)];
        Assert.Empty(places.Except(layer.Arguments.Select(argument => argument.Name)));
        string[] positional = [.. layer.Arguments.Where(argument => argument.IsPositional).Select(argument => argument.Name)];
        Assert.Equal(positional.Take(places.Count(positional.Contains)), places.TakeWhile(positional.Contains));
    });
}
