using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Poolings.</summary>
internal static class PoolingRules
{
    private const string Windows = WindowRules.Windows + ", `ceil_mode`";

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("MaxPool", MaxPool),
        KeyValuePair.Create<string, Rule>("AveragePool", AveragePool),
        KeyValuePair.Create<string, Rule>("LpPool", LpPool),
        KeyValuePair.Create<string, Rule>("GlobalAveragePool", Global),
        KeyValuePair.Create<string, Rule>("GlobalMaxPool", Global),
        KeyValuePair.Create<string, Rule>("GlobalLpPool", Global),
        KeyValuePair.Create<string, Rule>("MaxUnpool", MaxUnpool),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`MaxPool`", "x", Windows, "a second output only if it is read"),
        new("`AveragePool`", "x", Windows + ", `count_include_pad`"),
        new("`LpPool`", "x", Windows + ", `p`"),
        new("`GlobalAveragePool`, `GlobalMaxPool`", "x"),
        new("`GlobalLpPool`", "x", "`p`"),
        new("`MaxUnpool`", "x, indices", "`kernel_shape`, `strides`, `pads`"),
    ];

    private static bool MaxPool(NodeReading node)
    {
        (int[] shape, Attributes attributes) = Pooled(node);
        if (node.IsRead.Length < 2 || !node.IsRead[1])
        {
            return node.Give(node.Emit("MaxPool", [node.X], shape, attributes));
        }

        if (node.Attributes.Integer("storage_order") != 0)
        {
            return node.Refuse("storage_order is 1, so its indices count down the columns");
        }

        OnnxValue y = new("", shape), indices = new("", shape) { Type = ElementType.Integer };
        node.Emitter.Add("MaxPool", node, [node.X], [y, indices], attributes);
        return node.Give(y, indices);
    }

    private static bool AveragePool(NodeReading node)
    {
        (int[] shape, Attributes attributes) = Pooled(node);
        attributes.Add("count_include_pad", node.Attributes.Integer("count_include_pad") != 0);
        return node.Give(node.Emit("AveragePool", [node.X], shape, attributes));
    }

    private static bool LpPool(NodeReading node)
    {
        (int[] shape, Attributes attributes) = Pooled(node);
        if (node.Attributes.Integer("p", 2) == 1 && node.Attributes.Integer("ceil_mode") == 0)
        {
            // A sum is a mean times a number, which is the same for all windows.
            attributes.Add("count_include_pad", true);
            OnnxValue mean = node.Emit("AveragePool", [node.Emit("Abs", [node.X], node.X.Shape)], shape, attributes);
            float count = ((long[])attributes["kernel_shape"]).Aggregate(1f, (product, extent) => product * extent);
            return node.Give(ElementwiseRules.Pair(node, "Mul", mean, NodeReading.Known([], count)));
        }

        attributes.Add("p", node.Attributes.Integer("p", 2));
        return node.Give(node.Emit("LpPool", [node.X], shape, attributes));
    }

    private static (int[] Shape, Attributes Attributes) Pooled(NodeReading node)
    {
        var window = new Window(node);
        bool ceil = node.Attributes.Integer("ceil_mode") != 0;
        int[] pixels = [.. node.X.Shape.Skip(2)];
        // As ONNX Runtime does it, without the dilations.
        window.PadToSame(pixels, dilated: false);
        int[] shape = Shapes.Checked([node.X.Shape[0], node.X.Shape[1], .. window.Outputs(pixels, ceil)]);
        Attributes attributes = window.Attributes();
        attributes.Add("ceil_mode", ceil);
        return (shape, attributes);
    }

    private static bool Global(NodeReading node)
    {
        if (node.Rank < 3)
        {
            throw new ReadingException($"its input has the shape {Shapes.Text(node.X.Shape)}");
        }

        Attributes attributes = [];
        if (node.Operator == "GlobalLpPool")
        {
            attributes.Add("p", node.Attributes.Integer("p", 2));
        }

        int[] shape = [node.X.Shape[0], node.X.Shape[1], .. Enumerable.Repeat(1, node.Rank - 2)];
        return node.Give(node.Emit(node.Operator, [node.X], shape, attributes));
    }

    private static bool MaxUnpool(NodeReading node)
    {
        var window = new Window(node);
        OnnxValue indices = node.Required(1);
        if (!indices.Shape.SequenceEqual(node.X.Shape))
        {
            throw new ReadingException($"its inputs have the shapes {Shapes.Text(node.X.Shape)} and {Shapes.Text(indices.Shape)}");
        }

        if (!node.IsConstantOrAbsent(2))
        {
            return false;
        }

        long[] extents = node.Integers(2) ??
        [
            node.X.Shape[0], node.X.Shape[1],
            .. Enumerable.Range(0, window.Rank).Select(axis => ((node.X.Shape[2 + axis] - 1) * window.Strides[axis])
                + window.Kernel[axis] - window.Pads[axis] - window.Pads[window.Rank + axis]),
        ];
        if (node.FileBatch > 1 && extents.Length == node.Rank && extents[0] == node.FileBatch)
        {
            extents = [node.X.Shape[0], .. extents[1..]];
        }

        Attributes attributes = new() { { "kernel_shape", window.Kernel }, { "strides", window.Strides }, { "pads", window.Pads } };
        return node.Give(node.Emit("MaxUnpool", [node.X, indices], Shapes.Checked(extents), attributes));
    }
}
