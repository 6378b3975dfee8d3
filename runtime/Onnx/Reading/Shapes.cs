using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>Arithmetic on shapes and axes.</summary>
internal static class Shapes
{
    /// <summary>More dimensions than any network has; it limits what hostile files can cost.</summary>
    public const int MaximumRank = 32;

    /// <summary>The number of elements. A product beyond <see cref="int"/> is an error.</summary>
    public static int Count(IEnumerable<int> shape)
    {
        long count = 1;
        foreach (int extent in shape)
        {
            count *= extent;
            if (count > int.MaxValue)
            {
                throw new ReadingException($"a tensor of {Text(shape)} elements is too large");
            }
        }

        return (int)count;
    }

    /// <summary>The shape as ints, checked: no negative extents, not too many elements.</summary>
    public static int[] Checked(IReadOnlyCollection<long> extents)
    {
        if (extents.Count > MaximumRank)
        {
            throw new ReadingException($"a tensor has {extents.Count} dimensions, more than {MaximumRank}");
        }

        foreach (long extent in extents)
        {
            if (extent is < 0 or > int.MaxValue)
            {
                throw new ReadingException($"a tensor has the shape {Text(extents)}");
            }
        }

        int[] shape = [.. extents.Select(extent => (int)extent)];
        Count(shape);
        return shape;
    }

    /// <summary>The product of the extents from one axis to another, without the latter.</summary>
    public static int Product(IReadOnlyList<int> shape, int from, int to)
    {
        int product = 1;
        for (int axis = from; axis < to; axis++)
        {
            product *= shape[axis];
        }

        return product;
    }

    /// <summary>The axis as a number that is not negative. Some operators allow the rank itself.</summary>
    public static int Axis(long axis, int rank, bool rankAllowed = false)
    {
        long normal = axis < 0 ? axis + rank : axis;
        int limit = rankAllowed ? rank : rank - 1;
        return normal >= 0 && normal <= limit ? (int)normal : throw new ReadingException($"axis {axis} of a tensor with {rank} dimensions");
    }

    /// <summary>Axes in ascending order without repetition, not negative.</summary>
    public static int[] Axes(IEnumerable<long> axes, int rank) => [.. axes.Select(axis => Axis(axis, rank)).Distinct().Order()];

    /// <summary>The shape of two tensors after numpy's broadcasting.</summary>
    public static int[] Broadcast(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        int rank = Math.Max(first.Count, second.Count);
        int[] shape = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int one = Extent(first, axis, rank), other = Extent(second, axis, rank);
            if (one != other && one != 1 && other != 1)
            {
                throw new ReadingException($"the shapes {Text(first)} and {Text(second)} do not fit");
            }

            shape[axis] = one == 1 ? other : one;
        }

        Count(shape);
        return shape;
    }

    /// <summary>The distance of neighbours along each axis in a row-major array.</summary>
    public static int[] Strides(IReadOnlyList<int> shape)
    {
        int[] strides = new int[shape.Count];
        int stride = 1;
        for (int axis = shape.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    /// <summary>The shape for a message. A very long one is cut.</summary>
    public static string Text<T>(IEnumerable<T> shape)
    {
        T[] start = [.. shape.Take(MaximumRank + 1)];
        return start.Length > MaximumRank ? $"[{string.Join(", ", start.Take(MaximumRank))}, …]" : $"[{string.Join(", ", start)}]";
    }

    private static int Extent(IReadOnlyList<int> shape, int axis, int rank) =>
        axis < rank - shape.Count ? 1 : shape[axis - (rank - shape.Count)];
}
