using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Strata.CodeFixes;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Fixes of attributes that the C# compiler refuses. The generator reports them.</summary>
public sealed class BindingCodeFixTests
{
    private static readonly ProblemCodeFixProvider Fixed = new();

    [Theory]
    [InlineData("Relu", "ReLU")]
    [InlineData("ReluAttribute", "ReLU")]
    [InlineData("Strata.Relu", "Strata.ReLU")]
    [InlineData("Flatten, Dence(3, Bias = false)", "Flatten, Dense(3, Bias = false)")]
    [InlineData("MaxPooling2D(2)", "MaxPool2D(2)")]
    [InlineData("Conv2d(16, 3, Name = \"c\")", "Conv2D(16, 3, Name = \"c\")")]
    [InlineData("Doubly", "Double")]
    [InlineData("DropPath(0.1)", "StochasticDepth(0.1)")]
    [InlineData("Flatten, FC(3)", "Flatten, Dense(3)")]
    public Task A_layer_that_has_another_name_here_gets_it(string before, string after) =>
        Edited.FixesAsync(Fixed, Network(before), Network(after));

    [Fact]
    public Task A_block_of_another_namespace_is_written_in_full() => Edited.FixesAsync(
        Fixed,
        "using Strata;\n[Network, Input(4), Doubly] partial class Net;\nnamespace Mine { [ReLU] class DoubleAttribute : BlockAttribute; }",
        "using Strata;\n[Network, Input(4), global::Mine.Double] partial class Net;\n"
        + "namespace Mine { [ReLU] class DoubleAttribute : BlockAttribute; }");

    /// <summary>With other arguments, or without them, the layer would be another one.</summary>
    [Theory]
    [InlineData("DWConv2D(16, 3)")]
    [InlineData("PointwiseConv2D(16)")]
    [InlineData("ReflectionPad2d(1)")]
    [InlineData("MirrorPad(1)")]
    [InlineData("UpsamplingBilinear2d(2)")]
    [InlineData("LPPool2d(2, 3)")]
    [InlineData("Square")]
    [InlineData("Normalization(0.5, 0.25)")]
    [InlineData("MultiHeadAttention(8, 64)")]
    [InlineData("EmbeddingBag")]
    public Task A_name_alone_does_not_make_another_layer_of_it(string layer) => Edited.HasNoFixAsync(Fixed, Network(layer));

    [Theory]
    [InlineData("Conv2D(1, 16, 3)", "Conv2D(16, 3)")]
    [InlineData("Conv2D(1, 16, 7, 2, 3, Name = \"c\")", "Conv2D(16, 7, Stride = 2, Padding = 3, Name = \"c\")")]
    [InlineData("Conv2D(1, Sizes.N, /* by */ 3)", "Conv2D(Sizes.N, 3)")]
    [InlineData("BatchNorm(1)", "BatchNorm")]
    [InlineData("BatchNorm(1, Epsilon = 1e-3)", "BatchNorm(Epsilon = 1e-3)")]
    [InlineData("BatchNorm(1, 1e-3)", "BatchNorm(Epsilon = 1e-3)")]
    [InlineData("MaxPool2D(2, 2)", "MaxPool2D(2, Stride = 2)")]
    [InlineData("MaxPool2D(2, 2, Stride = 2)", "MaxPool2D(2, Stride = 2)")]
    [InlineData("ReLU(true)", "ReLU")]
    [InlineData("Flatten, Dense(784, 10)", "Flatten, Dense(10)")]
    [InlineData("B(1, 2)", "B(1)")]
    public Task Arguments_of_PyTorchs_module_become_those_of_the_layer(string before, string after) =>
        Edited.FixesAsync(Fixed, Network(before), Network(after));

    [Theory]
    [InlineData(0, "Conv2D(4, 2)", "Write (4, 2)")]
    [InlineData(1, "Conv2D(16, 4, Stride = 2)", "Write (16, 4, Stride = 2)")]
    public async Task Where_it_may_be_Keras_both_forms_are_offered(int choice, string after, string title)
    {
        var file = new Edited(Network("Conv2D(16, 4, 2)"));
        List<CodeAction> actions = await file.ActionsAsync(Fixed, await file.DiagnosticsAsync(Fixed));
        Assert.Equal(2, actions.Count);
        Assert.Equal(title, actions[choice].Title);
        Assert.Equal(Network(after), await Edited.TextAsync(actions[choice], file.Documents[0]));
        Assert.Empty(await new Harness().AnalyzeAsync(Network(after)));
    }

    [Theory]
    [InlineData("Conv2D(16, 3, Padding = \"same\")", "Conv2D(16, 3, AutoPad = AutoPad.Same)")]
    [InlineData("Conv2D(16, 3, Bias = 0)", "Conv2D(16, 3, Bias = false)")]
    [InlineData("Conv2D(16, 3, Bias = False)", "Conv2D(16, 3, Bias = false)")]
    [InlineData("Conv2D(16, (3, 5))", "Conv2D(16, 3, KernelHeight = 3, KernelWidth = 5)")]
    [InlineData("Conv2D(16, (3, 5), Bias = false)", "Conv2D(16, 3, Bias = false, KernelHeight = 3, KernelWidth = 5)")]
    [InlineData("Conv2D(kernel: (3, 5), filters: 16)", "Conv2D(kernel: 3, filters: 16, KernelHeight = 3, KernelWidth = 5)")]
    [InlineData("Conv2D(16, [3, 3])", "Conv2D(16, 3)")]
    [InlineData("Conv2D(16, 4, Stride = (1, 3))", "Conv2D(16, 4, StrideHeight = 1, StrideWidth = 3)")]
    [InlineData("Conv2D(16, \"3\")", "Conv2D(16, 3)")]
    [InlineData("Dropout(\"0.5\")", "Dropout(0.5)")]
    [InlineData("Conv2D(16, 3, Padding = 1, PaddingMode = \"reflect\")", "Conv2D(16, 3, Padding = 1, PaddingMode = PaddingMode.Reflect)")]
    [InlineData("Normalize([0.5], 0.5)", "Normalize([0.5], [0.5])")]
    public Task A_value_of_another_type_becomes_what_the_message_says(string before, string after) =>
        Edited.FixesAsync(Fixed, Network(before), Network(after));

    [Fact]
    public Task An_enum_that_is_not_imported_is_written_in_full() => Edited.FixesAsync(
        Fixed,
        "[Strata.Network, Strata.Input(1, 28, 28), Strata.Conv2D(16, 3, Padding = \"same\")] partial class Net;",
        "[Strata.Network, Strata.Input(1, 28, 28), Strata.Conv2D(16, 3, AutoPad = global::Strata.AutoPad.Same)] partial class Net;");

    [Theory]
    [InlineData("Conv2D(16, kernel_size: 3)", "Conv2D(16, kernel: 3)")]
    [InlineData("Conv2D(16, Kernel: 3)", "Conv2D(16, kernel: 3)")]
    [InlineData("Conv2D(kernel_size: 3, filters: 16, Bias = false)", "Conv2D(kernel: 3, filters: 16, Bias = false)")]
    [InlineData("Conv2D(16, 4, Strides = 3)", "Conv2D(16, 4, Stride = 3)")]
    [InlineData("BatchNorm(eps = 1e-3)", "BatchNorm(Epsilon = 1e-3)")]
    [InlineData("BatchNorm(eps: 1e-3)", "BatchNorm(Epsilon = 1e-3)")]
    [InlineData("Conv2D(16, 3, use_bias: false, Name = \"c\")", "Conv2D(16, 3, Name = \"c\", Bias = false)")]
    [InlineData("Conv2D(16, Kernel = 3)", "Conv2D(16, 3)")]
    [InlineData("Conv2D(16, Bias = false, kernel_size = 3)", "Conv2D(16, 3, Bias = false)")]
    [InlineData("Flatten, Dense(Units = 10)", "Flatten, Dense(10)")]
    [InlineData("Flatten, Dense(Bias = false, out_features = 10)", "Flatten, Dense(10, Bias = false)")]
    [InlineData("Conv2D(in_channels: 1, filters: 8, kernel: 3)", "Conv2D(filters: 8, kernel: 3)")]
    [InlineData("Softmax(dim = 1)", "Softmax")]
    [InlineData("B(4, Repeats = 2)", "B(4, Repeat = 2)")]
    public Task An_argument_that_has_another_name_here_gets_it(string before, string after) =>
        Edited.FixesAsync(Fixed, Network(before), Network(after));

    /// <summary>The third argument that is written is not the third of the constructor, and the network's class has one, too.</summary>
    [Theory]
    [InlineData("[Network(Profil = true), Input(4), Dense(2), L2]", "[Network(Profile = true), Input(4), Dense(2), L2]")]
    [InlineData("[Network]\n[Input(1, 8, 8)]\n[Conv2D(4, 2, // filters\n        Bias = false, Strides = 2)]",
        "[Network]\n[Input(1, 8, 8)]\n[Conv2D(4, 2, // filters\n        Bias = false, Stride = 2)]")]
    public Task The_argument_is_found_where_it_stands(string before, string after) => Edited.FixesAsync(
        Fixed, $"using Strata;\n{before}\npartial class Net;", $"using Strata;\n{after}\npartial class Net;");

    [Fact]
    public Task An_attribute_in_a_block_is_fixed_there() => Edited.FixesAsync(
        Fixed,
        "using Strata;\n[Network, Input(1, 28, 28), B, B] partial class Net;\n"
        + "[Conv2D(1, N, 3)] class BAttribute : BlockAttribute { const int N = 2; }",
        "using Strata;\n[Network, Input(1, 28, 28), B, B] partial class Net;\n"
        + "[Conv2D(N, 3)] class BAttribute : BlockAttribute { const int N = 2; }");

    [Theory]
    [InlineData("Conv2D(16, 3, kernel_size: 3)")]
    [InlineData("Conv2D(16, 3, Strides = 2, Stride = 2)")]
    [InlineData("Conv2D(16, (3, 5), KernelWidth = 5)")]
    [InlineData("Conv2D(16, 3, Filters = 2)")]
    [InlineData("Conv2D(Filters = 2)")]
    [InlineData("Conv2D(1, filters: 16, kernel: 3)")]
    [InlineData("Conv2D(16, 3, Name = 1)")]
    [InlineData("Conv2D(Padding = 1, 3, 4, 5)")]
    [InlineData("Conv2D(8, Padding = 1, 3, 4)")]
    [InlineData("ReLU(inplace = true)")]
    public Task What_only_its_author_can_choose_has_no_fix(string layer) => Edited.HasNoFixAsync(Fixed, Network(layer));

    [Fact]
    public Task Every_layer_of_a_file_gets_its_name_at_once() => Edited.FixesAllAsync(
        Fixed,
        Network("Conv2d(4, 3), Relu, MaxPooling2D(2), Conv2d(8, 3), Relu"),
        Network("Conv2D(4, 3), ReLU, MaxPool2D(2), Conv2D(8, 3), ReLU"));

    [Fact]
    public Task Every_layer_of_a_file_gets_its_arguments_at_once() => Edited.FixesAllAsync(
        Fixed,
        Network("Conv2D(1, 4, 4, 2, 1), ReLU, BatchNorm(4), MaxPool2D(2, 2)"),
        Network("Conv2D(4, 4, Stride = 2, Padding = 1), ReLU, BatchNorm, MaxPool2D(2, Stride = 2)"));

    /// <summary>One fix leads to the next, until the network is right.</summary>
    [Fact]
    public async Task PyTorchs_text_becomes_a_network_fix_by_fix()
    {
        string source = Network("Conv2d(1, 6, (5, 3), bias = False), Relu, MaxPooling2D(2, 2), Flatten, Linear(1872, 10, use_bias = 0)");
        for (int step = 0; ; step++)
        {
            Assert.True(step < 20, source);
            var file = new Edited(source);
            ImmutableArray<Diagnostic> diagnostics = await file.DiagnosticsAsync(Fixed);
            if (diagnostics.Length == 0)
            {
                break;
            }

            source = await Edited.TextAsync((await file.ActionsAsync(Fixed, diagnostics))[0], file.Documents[0]);
        }

        Assert.Equal(
            Network("Conv2D(6, 5, Bias = false, KernelHeight = 5, KernelWidth = 3), ReLU, MaxPool2D(2, Stride = 2), Flatten, "
                + "Dense(10, Bias = false)"),
            source);
        Assert.Empty(await new Harness().AnalyzeAsync(source));
    }

    private static string Network(string stack) =>
        $"using Strata;\n[Network, Input(1, 28, 28)]\n[{stack}]\npartial class Net;\n[ReLU]\nclass DoubleAttribute : BlockAttribute;\n"
        + "[Conv2D(N, 3)]\nclass BAttribute : BlockAttribute { const int N = 1; public BAttribute(int n) { } }\n"
        + "static class Sizes { public const int N = 16; }";
}
