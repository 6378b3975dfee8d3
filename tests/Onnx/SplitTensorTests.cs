using System;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Tensors with more axes than most layers read: an image of 8×6 whose rows and columns are split.</summary>
public sealed class SplitTensorTests
{
    [Theory]
    [InlineData("windows", "0,1,2,4,3,5")]
    [InlineData("columns first", "0,4,5,1,2,3")]
    [InlineData("everywhere", "0,3,5,1,4,2")]
    public void Axes_in_another_order_are_moved(string name, string order)
    {
        ModelBuilder model = Split().List("flat", 1, 4, 48)
            .Node("Transpose", "split", "moved", ("perm", Array.ConvertAll(order.Split(','), long.Parse)))
            .Node("Reshape", "moved,flat", "z").Node("Relu", "z", "y").Output("y");
        Assert.True(Checked(model).Agrees, name);
    }

    [Fact]
    public void A_part_along_any_axis_is_a_slice()
    {
        ModelBuilder model = Split().List("from", 1).List("to", 2).List("axis", 5).List("image", 1, 4, 8, 3)
            .Node("Slice", "split,from,to,axis", "part").Node("Reshape", "part,image", "z").Node("Relu", "z", "y").Output("y");
        Assert.True(Checked(model).Agrees);
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("Softmax", 1)]
    [InlineData("Softmax", 3)]
    [InlineData("Softmax", 5)]
    [InlineData("LogSoftmax", 4)]
    [InlineData("ArgMax", 5)]
    [InlineData("ArgMin", 2)]
    [InlineData("ReduceMean", 2, 3)]
    [InlineData("ReduceMean", 2, 5)]
    [InlineData("ReduceMax", 5)]
    [InlineData("ReduceLogSumExp", 3)]
    [InlineData("ReduceL2", 1, 2, 3, 4)]
    [InlineData("ReduceMin", 1, 2, 3, 4, 5)]
    public void What_computes_along_axes_computes(string name, params int[] axes)
    {
        foreach (string order in new[] { "0,1,2,3,4,5", "0,1,2,4,3,5" })
        {
            ModelBuilder model = Split().Node("Transpose", "split", "moved", ("perm", Array.ConvertAll(order.Split(','), long.Parse)));
            model = name.StartsWith("Reduce", StringComparison.Ordinal)
                ? model.Node(name, "moved", "z", ("axes", Array.ConvertAll(axes, axis => (long)axis)))
                : axes is [var axis] ? model.Node(name, "moved", "z", ("axis", (long)axis)) : model.Node(name, "moved", "z");
            Assert.True(Checked(model.Node("Cast", "z", "f", ("to", 1)).Node("Flatten", "f", "y").Output("y")).Agrees, order);
        }
    }

    [Fact]
    public void Sums_and_products_of_equal_shapes_are_computed()
    {
        Assert.True(Checked(Split().Node("Tanh", "split", "a").Node("Mul", "a,split", "b").Node("Add", "b,a", "c")
            .Node("Transpose", "c", "d", ("perm", (long[])[0, 5, 1, 3, 2, 4])).Node("Relu", "d", "y").Output("y")).Agrees);
    }

    [Fact]
    public void Products_of_matrices_have_any_number_of_axes_before_them() => Assert.True(Checked(
        Split().Node("Transpose", "split", "t", ("perm", (long[])[0, 1, 2, 3, 5, 4])).Node("MatMul", "split,t", "m")
            .Node("Softmax", "m", "s", ("axis", 5)).Node("MatMul", "s,split", "n").Node("Flatten", "n", "y").Output("y")).Agrees);

    [Fact]
    public void An_output_may_have_five_axes() => Assert.True(Checked(
        Split().Node("Transpose", "split", "y", ("perm", (long[])[0, 2, 4, 1, 3, 5])).Output("y")).Agrees);

    [Fact]
    public void Every_second_element_is_refused() => Refused(
        Split().List("from", 0).List("to", 4).List("axis", 3).List("step", 2)
            .Node("Slice", "split,from,to,axis,step", "part").List("flat", 1, -1).Node("Reshape", "part,flat", "y").Output("y"),
        "it takes one of 2 elements, of a tensor of 5 axes; at most 4");

    [Fact]
    public void Seven_axes_are_refused_where_they_are_computed() => Refused(
        new ModelBuilder().Input("x", 1, 4, 8, 6).List("eight", 1, 2, 2, 2, 2, 2, 3, 2).Node("Reshape", "x,eight", "split")
            .Node("Relu", "split", "z").Node("Flatten", "z", "y").Output("y"),
        "2×2×2×2×2×3×2 has 7 axes; a tensor has at most 6");

    [Fact]
    public void A_softmax_along_axes_that_are_no_neighbours_is_refused() => Refused(
        Split(11).Node("Transpose", "split", "t", ("perm", (long[])[0, 1, 4, 3, 2, 5])).Node("Softmax", "t", "s", ("axis", 4L))
            .Node("Flatten", "s", "y").Output("y"),
        "no neighbours");

    private static ModelBuilder Split(int opset = 17) =>
        new ModelBuilder(opset).Input("x", 1, 4, 8, 6).List("six", 1, 4, 2, 4, 3, 2).Node("Reshape", "x,six", "split");

    private static void Refused(ModelBuilder model, string reason) => Assert.Contains(
        reason,
        Assert.Throws<UnsupportedOnnxException>(() => ImportCheck.Imported(model.ToBytes(), new OnnxImportOptions())).Message,
        StringComparison.Ordinal);

    private static ImportCheck.Report Checked(ModelBuilder model)
    {
        byte[] bytes = model.ToBytes();
        return ImportCheck.Run(bytes, bytes, new OnnxImportOptions());
    }
}
