using System.Linq;
using System.Threading.Tasks;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

public class AxesRuleTests
{
    [Theory]
    [InlineData("8", "Mean({|STRATA022:Axes.Pixels|})",
        "Mean 'mean1': its input, 8, has no pixels. Choose from Axes.Channels.")]
    [InlineData("8, 5", "Max({|STRATA022:Axes.Height|})",
        "Max 'max1': its input, 8×5, has no height. Choose from Axes.Channels, Axes.Width.")]
    [InlineData("8, 5", "Sum({|STRATA022:Axes.Channels | Axes.Depth | Axes.Height|})",
        "Sum 'sum1': its input, 8×5, has no depth and no height. Choose from Axes.Channels, Axes.Width.")]
    [InlineData("8, 5, 4", "Softmax({|STRATA022:Axes = Axes.Depth|})",
        "Softmax 'softmax1': its input, 8×5×4, has no depth. Choose from Axes.Channels, Axes.Height, Axes.Width.")]
    [InlineData("8, 5", "Mean({|STRATA020:Axes.None|})", "Mean 'mean1': axes cannot be 0. Use one or more members of Axes.")]
    [InlineData("8, 5", "LogSoftmax({|STRATA020:Axes = (Axes)16|})",
        "LogSoftmax 'logsoftmax1': Axes cannot be 16. Use one or more members of Axes.")]
    [InlineData("8, 5", "LayerNorm({|STRATA021:OverChannels = true|}, Axes = Axes.Width)",
        "LayerNorm 'ln1': OverChannels and Axes exclude each other. Remove one of them.")]
    [InlineData("8, 1, 5", "LayerNorm({|STRATA022:Axes = Axes.Height|})",
        "LayerNorm 'ln1': its input, 8×1×5, has one value there, and one value less its mean is always 0. Choose other axes.")]
    public Task What_does_not_suit_is_reported(string input, string layer, string message) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n[Input({input}), {layer}]\npartial class Net;", message);

    [Theory]
    [InlineData("6, 4, 5", "Mean(Axes.Pixels)", "6")]
    [InlineData("6, 4, 5", "Mean(Axes.Pixels, KeepAxes = true)", "6×1×1")]
    [InlineData("6, 4, 5", "Sum(Axes.Channels)", "4×5")]
    [InlineData("6, 4, 5", "Sum(Axes.Channels, KeepAxes = true)", "1×4×5")]
    [InlineData("6, 4, 5", "Max(Axes.Height)", "6×5")]
    [InlineData("6, 4, 5", "Max(Axes.Width)", "6×4")]
    [InlineData("6, 4, 5", "Max(Axes.Channels | Axes.Height)", "5")]
    [InlineData("6, 4, 5", "Max(Axes.All)", "1")]
    [InlineData("6, 4, 5", "Max(Axes.All, KeepAxes = true)", "1×1×1")]
    [InlineData("6", "Mean(Axes.All)", "1")]
    [InlineData("6, 4", "Mean(Axes.Pixels)", "6")]
    [InlineData("6, 4", "Mean(Axes.Channels)", "4")]
    [InlineData("2, 3, 4, 5", "Mean(Axes.Channels)", "3×4×5")]
    [InlineData("2, 3, 4, 5", "Mean(Axes.Depth)", "2×4×5")]
    [InlineData("2, 3, 4, 5", "Mean(Axes.Pixels, KeepAxes = true)", "2×1×1×1")]
    public void The_first_axis_that_is_left_counts_as_the_channels(string input, string layer, string shape) =>
        Assert.Equal(shape, Graphs.Of($"[Input({input}), {layer}]").Output.Shape.ToString());

    [Theory]
    [InlineData("6, 4, 5", "Axes.Pixels", "4x5 4x5")]
    [InlineData("6, 4, 5", "Axes.Width", "5 5")]
    [InlineData("6, 4, 5", "Axes.Channels", "6 6")]
    [InlineData("6, 4, 5", "Axes.Channels | Axes.Width", "6x5 6x5")]
    [InlineData("6, 4, 5", "Axes.All", "6x4x5 6x4x5")]
    [InlineData("6", "Axes.Channels", "6 6")]
    [InlineData("6, 4", "Axes.Width", "4 4")]
    public void Parameters_of_layer_norm_have_the_extents_of_its_axes(string input, string axes, string shapes)
    {
        NetworkGraph graph = Graphs.Of($"[Input({input}), LayerNorm(Axes = {axes})]");
        Assert.Equal(shapes, string.Join(' ', graph.Output.Operation.Parameters(graph.Input.Shape)
            .Select(parameter => string.Join('x', parameter.Extents))));
    }

    [Fact]
    public void Softmax_along_channels_is_the_same_with_and_without_saying_so() => Assert.Equal(
        Graphs.Of("[Input(6, 4, 5), Softmax, LogSoftmax]").Nodes.Select(node => node.Operation),
        Graphs.Of("[Input(6, 4, 5), Softmax(Axes = Axes.Channels), LogSoftmax(Axes = Axes.Channels)]").Nodes
            .Select(node => node.Operation));
}
