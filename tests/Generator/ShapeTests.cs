using System.Linq;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The shape rules of the operators, with the worked examples of the lecture notes.</summary>
public sealed class ShapeTests
{
    [Theory]
    [InlineData("1, 28, 28", "Conv2D(6, 5, Padding = 2)", "6×28×28", "(28 + 2·2 − 5)/1 + 1 = 28")]
    [InlineData("1, 32, 32", "Conv2D(6, 5)", "6×28×28", "(32 + 2·0 − 5)/1 + 1 = 28")] // 32 − (5 − 1) = 28
    [InlineData("1, 4, 4", "Conv2D(1, 2)", "1×3×3", "(4 + 2·0 − 2)/1 + 1 = 3")]
    [InlineData("1, 4, 4", "Conv2D(1, 2, Stride = 2)", "1×2×2", "(4 + 2·0 − 2)/2 + 1 = 2")]
    [InlineData("1, 4, 4", "Conv2D(1, 3, Stride = 2)", "1×1×1", "⌊(4 + 2·0 − 3)/2⌋ + 1 = 1")]
    [InlineData("1, 5, 5", "Conv2D(1, 3, Stride = 2, Padding = 1)", "1×3×3", "(5 + 2·1 − 3)/2 + 1 = 3")]
    [InlineData("3, 224, 224", "Conv2D(64, 7, Stride = 2, Padding = 3)", "64×112×112", "⌊(224 + 2·3 − 7)/2⌋ + 1 = 112")]
    [InlineData("1, 10, 20", "Conv2D(1, 3)", "1×8×18", "height (10 + 2·0 − 3)/1 + 1 = 8, width (20 + 2·0 − 3)/1 + 1 = 18")]
    [InlineData("1, 9, 9", "Conv2D(1, 3, Dilation = 2)", "1×5×5", "(9 + 2·0 − (2·(3 − 1) + 1))/1 + 1 = 5")]
    [InlineData("1, 9, 9", "Conv2D(1, 3, KernelHeight = 1, StrideWidth = 2, PaddingTop = 1)", "1×10×4",
        "height (9 + 1 + 0 − 1)/1 + 1 = 10, width (9 + 2·0 − 3)/2 + 1 = 4")]
    [InlineData("1, 9, 9", "Conv2D(1, 3, Padding = 1, PaddingWidth = 0, PaddingRight = 2)", "1×9×9",
        "height (9 + 2·1 − 3)/1 + 1 = 9, width (9 + 0 + 2 − 3)/1 + 1 = 9")]
    [InlineData("1, 9, 9", "Conv2D(1, 3, AutoPad = AutoPad.Valid)", "1×7×7", "(9 + 2·0 − 3)/1 + 1 = 7")]
    [InlineData("1, 9, 9", "Conv2D(1, 3, AutoPad = AutoPad.Same)", "1×9×9", "(9 + 2·1 − 3)/1 + 1 = 9")]
    [InlineData("1, 9, 9", "Conv2D(1, 4, AutoPad = AutoPad.Same)", "1×9×9", "(9 + 1 + 2 − 4)/1 + 1 = 9")]
    [InlineData("1, 10, 10", "Conv2D(1, 3, Stride = 2, AutoPad = AutoPad.Same)", "1×5×5", "(10 + 0 + 1 − 3)/2 + 1 = 5")]
    [InlineData("1, 9, 9", "Conv2D(1, 3, AutoPad = AutoPad.Full)", "1×11×11", "(9 + 2·2 − 3)/1 + 1 = 11")]
    [InlineData("1, 9, 9", "Conv2D(1, 3, Dilation = 2, AutoPad = AutoPad.Full)", "1×13×13", "(9 + 2·4 − (2·(3 − 1) + 1))/1 + 1 = 13")]
    [InlineData("6, 28, 28", "MaxPool2D(2)", "6×14×14", "(28 + 2·0 − 2)/2 + 1 = 14")]
    [InlineData("6, 5, 5", "MaxPool2D(2)", "6×2×2", "⌊(5 + 2·0 − 2)/2⌋ + 1 = 2")]
    [InlineData("6, 5, 5", "MaxPool2D(2, CeilMode = true)", "6×3×3", "⌈(5 + 2·0 − 2)/2⌉ + 1 = 3")]
    // a third would begin in the padding behind
    [InlineData("6, 5, 5", "AveragePool2D(2, Stride = 3, Padding = 1, CeilMode = true)", "6×2×2", "⌊(5 + 2·1 − 2)/3⌋ + 1 = 2")]
    [InlineData("6, 2, 2", "MaxPool2D(3, Stride = 2, CeilMode = true)", "6×1×1", "⌈(2 + 2·0 − 3)/2⌉ + 1 = 1")]
    // the second would begin outside
    [InlineData("6, 4, 4", "MaxPool2D(1, Stride = 4, CeilMode = true)", "6×1×1", "⌊(4 + 2·0 − 1)/4⌋ + 1 = 1")]
    [InlineData("6, 7, 7", "MaxPool2D(3, Stride = 2, AutoPad = AutoPad.Same)", "6×4×4", "(7 + 2·1 − 3)/2 + 1 = 4")]
    [InlineData("6, 8, 6", "MaxPool2D(2, StrideHeight = 1, KernelWidth = 3)", "6×7×2",
        "height (8 + 2·0 − 2)/1 + 1 = 7, width (6 + 2·0 − 3)/3 + 1 = 2")]
    [InlineData("16, 5, 5", "Flatten", "400", "16·5·5 = 400")]
    [InlineData("4, 7", "Flatten", "28", "4·7 = 28")]
    [InlineData("400", "Dense(120)", "120", "")]
    [InlineData("400", "Dense(120, OverChannels = true)", "120", "")]
    [InlineData("3, 9", "Dense(8, OverChannels = true)", "8×9", "")]
    [InlineData("3, 4, 5", "Dense(8, OverChannels = true)", "8×4×5", "")]
    [InlineData("3, 4, 5, 6", "Dense(8, OverChannels = true)", "8×4×5×6", "")]
    [InlineData("3, 4, 5", "ReLU", "3×4×5", "")]
    [InlineData("3, 4, 5", "LeakyReLU(0.2)", "3×4×5", "")]
    [InlineData("3, 4", "ELU(alpha: 2)", "3×4", "")]
    [InlineData("7", "Softplus(Beta = 2)", "7", "")]
    [InlineData("3, 4, 5", "GELU(Approximate = true)", "3×4×5", "")]
    [InlineData("3, 4", "SiLU", "3×4", "")]
    [InlineData("7", "ReLU6", "7", "")]
    [InlineData("3, 4, 5", "HardSigmoid", "3×4×5", "")]
    [InlineData("3, 4", "HardSwish", "3×4", "")]
    [InlineData("3, 4", "Softmax", "3×4", "")]
    [InlineData("7", "Dropout", "7", "")]
    public void The_output_has_the_shape_of_the_formula(string input, string layer, string shape, string formula)
    {
        Node node = Graphs.Layer(input, layer);
        Assert.Equal(shape, node.Shape.ToString());
        Assert.Equal(formula, node.Formula);
    }

    [Fact]
    public void Every_stride_kernel_and_padding_gives_PyTorchs_extent()
    {
        // One class with many layers would stop at the first mistake: each combination is a model of its own, built without a compilation.
        foreach (int extent in Enumerable.Range(1, 9))
        {
            foreach (int kernel in Enumerable.Range(1, 5))
            {
                foreach (int stride in Enumerable.Range(1, 4))
                {
                    foreach (int padding in Enumerable.Range(0, (kernel / 2) + 1))
                    {
                        foreach (bool ceil in new[] { false, true })
                        {
                            Check(extent, kernel, stride, padding, ceil);
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void LeNet5_has_61706_parameters_in_PyTorchs_order_and_shape()
    {
        NetworkGraph graph = Graphs.ModelOf(Harness.LeNet5).Graph!;
        var parameters = graph.Nodes.Skip(1)
            .SelectMany(node => node.Operation.Parameters(graph.Nodes[node.Inputs[0]].Shape),
                (node, parameter) => (Key: $"{node.Name}.{parameter.Suffix}", parameter.Extents))
            .ToArray();
        Assert.Equal(61_706, parameters.Sum(parameter => parameter.Extents.Aggregate(1, (product, extent) => product * extent)));
        Assert.Equal(
            ["conv1.weight 6 1 5 5", "conv1.bias 6", "conv2.weight 16 6 5 5", "conv2.bias 16", "dense1.weight 120 400", "dense1.bias 120",
                "dense2.weight 84 120", "dense2.bias 84", "dense3.weight 10 84", "dense3.bias 10"],
            parameters.Select(parameter => $"{parameter.Key} {string.Join(' ', parameter.Extents)}"));
        Assert.Equal(new CrossEntropyLoss(Compiler.Graph.Reduction.Mean, 0, EquatableArray<double>.Empty), graph.Losses.Single().Loss);
    }

    [Fact]
    public void Options_reach_the_operations()
    {
        NetworkGraph graph = Graphs.Of(
            "[Input(4, 9, 9), Conv2D(8, 3, Groups = 4, Bias = false, Initializer = Initializer.HeNormal), AveragePool2D(2, "
            + "CountIncludePad = false, CeilMode = true), Dropout(0.25), Flatten, Dense(3, Bias = false, "
            + "Initializer = Initializer.GlorotUniform)]");
        Assert.Equal(
            new Convolution(8, new WindowAxis(3, 1, 1, 0, 0), new WindowAxis(3, 1, 1, 0, 0), 4, false, Compiler.Graph.Initializer.HeNormal),
            graph.Nodes[1].Operation);
        Assert.Equal(
            new Pooling(PoolingKind.Average, new WindowAxis(2, 2, 1, 0, 0), new WindowAxis(2, 2, 1, 0, 0), false),
            graph.Nodes[2].Operation);
        Assert.Equal(new DropoutOperation(0.25), graph.Nodes[3].Operation);
        Assert.Equal(new DenseOperation(3, false, Compiler.Graph.Initializer.GlorotUniform), graph.Nodes[5].Operation);
        Assert.False(graph.Settings.InputGradient);
        Assert.Empty(graph.Losses);
    }

    /// <summary>PyTorch's pooling_output_shape, written as the sliding of a window.</summary>
    private static void Check(int extent, int kernel, int stride, int padding, bool ceil)
    {
        // With ceil mode a window may hang over the padded input by less than a stride, as long as it begins before the padding behind.
        int expected = 0;
        for (int start = -padding;
            start + kernel <= extent + padding + (ceil ? stride - 1 : 0) && (!ceil || start < extent); start += stride)
        {
            expected++;
        }

        Shape? shape = Direct.Shape(
            Shape.Image(1, extent, extent), "MaxPool2D", ("kernel", kernel), ("Stride", stride), ("Padding", padding), ("CeilMode", ceil));
        Assert.True(expected == (shape?.Height ?? 0), $"{extent} {kernel} {stride} {padding} {ceil}: {expected}, not {shape?.Height ?? 0}");
    }
}
