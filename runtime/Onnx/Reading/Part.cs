using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>A regular part of a tensor: along each axis every step-th element from a start to an end.</summary>
internal sealed class Part(IReadOnlyList<int> whole)
{
    private readonly IReadOnlyList<int> _whole = whole;

    public int[] Starts { get; } = new int[whole.Count];

    public int[] Ends { get; } = [.. whole];

    public int[] Steps { get; } = [.. whole.Select(_ => 1)];

    public int[] Shape { get; } = [.. whole];

    public bool IsWhole => Shape.SequenceEqual(_whole) && Steps.All(step => step == 1);

    /// <summary>Cuts along an axis. Negative numbers count from the end, and numbers beyond the end are the end.</summary>
    public void Cut(int axis, long start, long end, long step)
    {
        int extent = _whole[axis];
        if (step == 0)
        {
            throw new ReadingException("a step of 0");
        }

        start = start < 0 ? start + extent : start;
        end = end < 0 ? end + extent : end;
        (start, end) = step > 0
            ? (Math.Clamp(start, 0, extent), Math.Clamp(end, 0, extent))
            : (Math.Clamp(start, 0, extent - 1), Math.Clamp(end, -1, extent - 1));
        step = Math.Clamp(step, -Math.Max(1, extent), Math.Max(1, extent));
        long count = Math.Max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
        CutExactly(axis, (int)start, (int)end, (int)step, (int)count);
    }

    public void CutExactly(int axis, int start, int end, int step, int count)
    {
        Starts[axis] = start;
        Steps[axis] = count == 1 ? 1 : step;
        Ends[axis] = count == 1 ? start + 1 : end;
        Shape[axis] = count;
    }

    /// <summary>This part of another node's part, as a part of the whole; null if a step is negative.</summary>
    public Part? Within(OnnxNode slice)
    {
        int[] starts = slice.Integers("starts"), steps = slice.Integers("steps");
        if (steps.Any(step => step < 0) || Steps.Any(step => step < 0))
        {
            return null;
        }

        var part = new Part(slice.Input.Shape);
        for (int axis = 0; axis < Steps.Length; axis++)
        {
            int start = starts[axis] + (Starts[axis] * steps[axis]), step = steps[axis] * Steps[axis];
            part.CutExactly(axis, start, Math.Min(slice.Input.Shape[axis], start + (Shape[axis] * step)), step, Shape[axis]);
        }

        return part;
    }
}
