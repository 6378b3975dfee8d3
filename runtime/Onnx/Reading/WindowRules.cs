using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Convolutions.</summary>
internal static class WindowRules
{
    /// <summary>What all nodes with windows have.</summary>
    public const string Windows = "`kernel_shape`, `strides`, `dilations`, `pads`";

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Conv", Conv),
        KeyValuePair.Create<string, Rule>("ConvTranspose", ConvTranspose),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`Conv`", "x, w, [bias]", Windows + ", `group`", "`pads` are begins, then ends; `auto_pad` has become pads"),
        new("`ConvTranspose`", "x, w, [bias]", Windows + ", `group`, `output_padding`", "`output_shape` and `auto_pad` have become pads"),
    ];

    private static bool Conv(NodeReading node)
    {
        OnnxValue value = Convolved(node, node.X, node.Required(1), node.Optional(2));
        return node.Give(value);
    }

    public static OnnxValue Convolved(NodeReading node, OnnxValue x, OnnxValue weights, OnnxValue? bias)
    {
        if (weights.Shape.Count != node.Rank)
        {
            throw Mismatch(x, weights);
        }

        var window = new Window(node, [.. weights.Shape.Skip(2)]);
        long groups = Groups(node);
        int channels = x.Shape[1], outputs = weights.Shape[0];
        if (weights.Shape[1] * groups != channels || outputs % groups != 0 || !KernelFits(window, weights) || !BiasFits(bias, outputs))
        {
            throw Mismatch(x, weights);
        }

        int[] pixels = [.. x.Shape.Skip(2)];
        window.PadToSame(pixels);
        int[] shape = Shapes.Checked([x.Shape[0], outputs, .. window.Outputs(pixels, ceil: false)]);
        Attributes attributes = window.Attributes();
        attributes.Add("group", groups);
        return node.Emit("Conv", [x, weights, bias], shape, attributes);
    }

    private static bool ConvTranspose(NodeReading node)
    {
        OnnxValue x = node.X, weights = node.Required(1);
        OnnxValue? bias = node.Optional(2);
        if (weights.Shape.Count != node.Rank)
        {
            throw Mismatch(x, weights);
        }

        var window = new Window(node, [.. weights.Shape.Skip(2)]);
        long groups = Groups(node), outputs = weights.Shape[1] * groups;
        if (weights.Shape[0] != x.Shape[1] || x.Shape[1] % groups != 0 || !KernelFits(window, weights) || !BiasFits(bias, outputs))
        {
            throw Mismatch(x, weights);
        }

        long[] more = node.Attributes.Integers("output_padding") is { Length: > 0 } given ? [.. given] : Window.Repeated(0, window.Rank);
        long[]? wanted = node.Attributes.Integers("output_shape") is { Length: > 0 } shape ? shape : null;
        if (more.Length != window.Rank || more.Any(value => value is < 0 or > int.MaxValue) || wanted?.Length < window.Rank)
        {
            throw new ReadingException($"output_padding {Shapes.Text(more)}, output_shape {Shapes.Text(wanted ?? [])}");
        }

        // Old files count the batch and the channels too.
        wanted = wanted?[^window.Rank..];
        long[] extents = new long[window.Rank];
        for (int axis = 0; axis < window.Rank; axis++)
        {
            long all = (window.Strides[axis] * (x.Shape[2 + axis] - 1)) + more[axis] + window.Reach(axis);
            if (wanted is not null || window.IsSame)
            {
                // With auto_pad, the output ends where the windows end.
                extents[axis] = wanted?[axis] ?? Math.Min(all, x.Shape[2 + axis] * window.Strides[axis]);
                if (extents[axis] > all)
                {
                    // Behind the windows there is the bias alone.
                    (more[axis], all) = (more[axis] + extents[axis] - all, extents[axis]);
                }

                Distribute(node, window, axis, all - extents[axis]);
            }
            else
            {
                extents[axis] = all - window.Pads[axis] - window.Pads[window.Rank + axis];
            }
        }

        if (extents.Any(extent => extent < 1))
        {
            throw new ReadingException($"its output would have {Shapes.Text(extents)} pixels");
        }

        Attributes attributes = window.Attributes();
        attributes.Add("group", groups);
        attributes.Add("output_padding", more);
        return node.Give(node.Emit("ConvTranspose", [x, weights, bias], Shapes.Checked([x.Shape[0], outputs, .. extents]), attributes));
    }

    /// <summary>The larger half stands at the begin, except with SAME_UPPER: a convolution has it the other way round.</summary>
    private static void Distribute(NodeReading node, Window window, int axis, long total) =>
        window.Distribute(axis, total, oddAtBegin: node.Attributes.Text("auto_pad", "NOTSET") != "SAME_UPPER");

    private static long Groups(NodeReading node)
    {
        long groups = node.Attributes.Integer("group", 1);
        return groups is > 0 and <= int.MaxValue ? groups : throw new ReadingException($"{groups} groups");
    }

    private static bool KernelFits(Window window, OnnxValue weights) =>
        window.Kernel.Select(extent => (int)extent).SequenceEqual(weights.Shape.Skip(2));

    private static bool BiasFits(OnnxValue? bias, long outputs) => bias is null || (bias.Shape.Count == 1 && bias.Shape[0] == outputs);

    private static ReadingException Mismatch(OnnxValue x, OnnxValue weights) =>
        new($"its input has the shape {Shapes.Text(x.Shape)}, and its weights have {Shapes.Text(weights.Shape)}");
}
