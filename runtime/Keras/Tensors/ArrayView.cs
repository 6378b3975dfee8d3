using System.Linq;

namespace Strata.Weights;

/// <summary>Some numbers of an array of the file, in another order.</summary>
/// <param name="Array">The array.</param>
/// <param name="Layout">Which of its numbers, and in which order.</param>
internal sealed record ArrayView(Hdf5Array Array, TensorLayout Layout)
{
    /// <summary>All numbers in the array's order.</summary>
    public static ArrayView Of(Hdf5Array array)
    {
        long[] strides = new long[array.Shape.Length];
        long next = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = next;
            next *= array.Shape[axis];
        }

        return new ArrayView(array, new TensorLayout(0, array.Shape, strides));
    }

    /// <summary>The extents in this order.</summary>
    public long[] Shape => Layout.Shape;

    /// <summary>The axes in another order.</summary>
    /// <param name="axes">For each axis of the result, which one it is here.</param>
    public ArrayView Transpose(params int[] axes) => With(
        Layout.Offset, [.. axes.Select(axis => Layout.Shape[axis])], [.. axes.Select(axis => Layout.Strides[axis])]);

    /// <summary>A part of an axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="begin">Its first element.</param>
    /// <param name="count">How many elements.</param>
    public ArrayView Slice(int axis, long begin, long count)
    {
        long[] shape = [.. Layout.Shape];
        shape[axis] = count;
        return With(Layout.Offset + (begin * Layout.Strides[axis]), shape, Layout.Strides);
    }

    /// <summary>One axis as two, outer and inner.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="inner">The extent of the inner one, which divides it.</param>
    public ArrayView Split(int axis, long inner)
    {
        long[] shape = [.. Layout.Shape[..axis], Layout.Shape[axis] / inner, inner, .. Layout.Shape[(axis + 1)..]];
        long[] strides = [.. Layout.Strides[..axis], Layout.Strides[axis] * inner, Layout.Strides[axis], .. Layout.Strides[(axis + 1)..]];
        return With(Layout.Offset, shape, strides);
    }

    /// <summary>
    /// An axis whose elements Keras counted as places and channels, in the order of channels and places.
    /// </summary>
    /// <param name="axis">The axis.</param>
    /// <param name="channels">The number of channels.</param>
    /// <returns>The axis is two.</returns>
    public ArrayView ChannelsFirst(int axis, long channels)
    {
        ArrayView split = Split(axis, channels);
        int[] axes = [.. Enumerable.Range(0, split.Shape.Length)];
        (axes[axis], axes[axis + 1]) = (axis + 1, axis);
        return split.Transpose(axes);
    }

    private ArrayView With(long offset, long[] shape, long[] strides) => new(Array, new TensorLayout(offset, shape, strides));
}
