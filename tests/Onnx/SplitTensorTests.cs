using System;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Tensors with more axes than a tensor of layers has: an image of 8×6 whose rows and columns are split.</summary>
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

    [Fact]
    public void Every_second_element_is_refused() => Refused(Split().List("from", 0).List("to", 4).List("axis", 3).List("step", 2)
        .Node("Slice", "split,from,to,axis,step", "part").List("flat", 1, -1).Node("Reshape", "part,flat", "y").Output("y"));

    [Theory]
    [InlineData("Softmax", 1)]
    [InlineData("Softmax", 5)]
    [InlineData("ArgMax", 5)]
    public void What_computes_is_refused(string name, int axis) => Refused(
        Split().Node(name, "split", "z", ("axis", (long)axis)).Node("Flatten", "z", "y").Output("y"));

    private static ModelBuilder Split() =>
        new ModelBuilder().Input("x", 1, 4, 8, 6).List("six", 1, 4, 2, 4, 3, 2).Node("Reshape", "x,six", "split");

    private static void Refused(ModelBuilder model) => Assert.Contains(
        "a tensor has at most 4",
        Assert.Throws<UnsupportedOnnxException>(() => ImportCheck.Imported(model.ToBytes(), new OnnxImportOptions())).Message,
        StringComparison.Ordinal);

    private static ImportCheck.Report Checked(ModelBuilder model)
    {
        byte[] bytes = model.ToBytes();
        return ImportCheck.Run(bytes, bytes, new OnnxImportOptions());
    }
}
