using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>A window that moves over the pixels: the attributes that convolutions and poolings share.</summary>
internal sealed class Window
{
    private readonly string _autoPad;

    /// <param name="node">The node.</param>
    /// <param name="kernel">The kernel's extents, if the attribute is left out.</param>
    public Window(NodeReading node, IReadOnlyList<int>? kernel = null)
    {
        int rank = node.Rank - 2;
        if (rank < 1)
        {
            throw new ReadingException($"its input has the shape {Shapes.Text(node.X.Shape)}");
        }

        Kernel = List(node, "kernel_shape", rank, [.. (kernel ?? []).Select(extent => (long)extent)]);
        Strides = List(node, "strides", rank, Repeated(1, rank));
        Dilations = List(node, "dilations", rank, Repeated(1, rank));
        Pads = List(node, "pads", 2 * rank, Repeated(0, 2 * rank));
        _autoPad = node.Attributes.Choice("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        if (Kernel.Concat(Strides).Concat(Dilations).Any(value => value < 1) || Pads.Any(value => value < 0))
        {
            throw new ReadingException(
                $"kernel {Shapes.Text(Kernel)}, strides {Shapes.Text(Strides)}, dilations {Shapes.Text(Dilations)}, "
                + $"pads {Shapes.Text(Pads)}");
        }

        if (_autoPad == "VALID")
        {
            Array.Clear(Pads);
        }
    }

    public int Rank => Kernel.Length;

    public long[] Kernel { get; }

    public long[] Strides { get; }

    public long[] Dilations { get; }

    /// <summary>Begins, then ends.</summary>
    public long[] Pads { get; }

    public bool IsSame => _autoPad is "SAME_UPPER" or "SAME_LOWER";

    /// <summary>How far a window reaches along an axis.</summary>
    public long Reach(int axis) => (Dilations[axis] * (Kernel[axis] - 1)) + 1;

    /// <summary>Pads of <c>auto_pad</c> that make the output as large as the input, divided by the strides.</summary>
    public void PadToSame(IReadOnlyList<int> pixels, bool dilated = true)
    {
        for (int axis = 0; IsSame && axis < Rank; axis++)
        {
            long outputs = (pixels[axis] + Strides[axis] - 1) / Strides[axis];
            long reach = dilated ? Reach(axis) : Kernel[axis];
            Distribute(axis, Math.Max(0, ((outputs - 1) * Strides[axis]) + reach - pixels[axis]));
        }
    }

    /// <summary>Halves the pads of an axis. What is odd goes to the end, or with SAME_LOWER to the begin.</summary>
    public void Distribute(int axis, long total, bool? oddAtBegin = null)
    {
        Pads[axis] = (oddAtBegin ?? _autoPad == "SAME_LOWER") ? (total + 1) / 2 : total / 2;
        Pads[Rank + axis] = total - Pads[axis];
    }

    /// <summary>How many windows there are along each axis.</summary>
    public long[] Outputs(IReadOnlyList<int> pixels, bool ceil)
    {
        long[] outputs = new long[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            long room = pixels[axis] + Pads[axis] + Pads[Rank + axis] - Reach(axis);
            if (room < 0)
            {
                throw new ReadingException($"a window of {Reach(axis)} does not fit into {pixels[axis]} pixels with their pads");
            }

            long count = (room / Strides[axis]) + 1;
            if (ceil && room % Strides[axis] != 0 && count * Strides[axis] < pixels[axis] + Pads[axis])
            {
                // The last window starts inside, and reaches beyond the end.
                count++;
            }

            outputs[axis] = count;
        }

        return outputs;
    }

    public Attributes Attributes() => new()
    {
        { "kernel_shape", Kernel }, { "strides", Strides }, { "dilations", Dilations }, { "pads", Pads },
    };

    private static long[] List(NodeReading node, string name, int count, long[] without)
    {
        long[] list = node.Attributes.Integers(name) is { Length: > 0 } given ? given : without;
        return list.Length == count && list.All(value => value is >= int.MinValue and <= int.MaxValue)
            ? list
            : throw new ReadingException($"its {name} is {Shapes.Text(list)}, and there are {node.Rank - 2} axes of pixels");
    }

    public static long[] Repeated(long value, int count) => [.. Enumerable.Repeat(value, count)];
}
