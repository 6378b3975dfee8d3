using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Strata.Onnx.Reading;

/// <summary>Makes numbers, and tables of their places.</summary>
internal static class Numbers
{
    /// <summary>In a table of places: this index reads the fill value.</summary>
    public const int Outside = -1;

    /// <summary>0, 1, 2, …</summary>
    public static Numbers<int> Range(params IReadOnlyList<int> shape) => new([.. Enumerable.Range(0, Shapes.Count(shape))], shape);

    /// <summary>The distance of every index along an axis: <c>start, start + step, …</c>, in units of a stride.</summary>
    public static int[] Steps(int count, long start, long step, int stride)
    {
        int[] table = new int[count];
        for (int index = 0; index < count; index++)
        {
            table[index] = (int)(start + (index * step)) * stride;
        }

        return table;
    }
}

/// <summary>
/// Numbers with a shape, and what operators of ONNX are made of: a function of each, pairs of two tensors that repeat each other, sums over
/// axes, and moves of elements.
/// </summary>
/// <param name="Values">In row-major order.</param>
/// <param name="Shape">The extents.</param>
internal sealed record Numbers<T>(T[] Values, IReadOnlyList<int> Shape)
    where T : INumber<T>
{
    public static Numbers<T> operator +(Numbers<T> x, Numbers<T> y) => x.With(y, (one, other) => one + other);

    public static Numbers<T> operator -(Numbers<T> x, Numbers<T> y) => x.With(y, (one, other) => one - other);

    public static Numbers<T> operator *(Numbers<T> x, Numbers<T> y) => x.With(y, (one, other) => one * other);

    public static Numbers<T> operator /(Numbers<T> x, Numbers<T> y) => x.With(y, (one, other) => one / other);

    public Numbers<TResult> Map<TResult>(Converter<T, TResult> function)
        where TResult : INumber<TResult> => new(Array.ConvertAll(Values, function), Shape);

    /// <summary>A function of pairs. What has fewer elements is repeated.</summary>
    public Numbers<TResult> With<TOther, TResult>(Numbers<TOther> other, Func<T, TOther, TResult> function)
        where TOther : INumber<TOther>
        where TResult : INumber<TResult>
    {
        int[] shape = Shapes.Broadcast(Shape, other.Shape);
        T[] left = Expanded(shape).Values;
        TOther[] right = other.Expanded(shape).Values;
        TResult[] result = new TResult[left.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = function(left[i], right[i]);
        }

        return new(result, shape);
    }

    /// <summary>The numbers along axes, one added to the other. The axes stay, with extent 1.</summary>
    public Numbers<TResult> Reduced<TResult>(IEnumerable<long> axes, TResult start, Func<TResult, T, TResult> add)
        where TResult : INumber<TResult>
    {
        int[] kept = [.. Shape];
        foreach (long axis in axes)
        {
            kept[axis] = 1;
        }

        TResult[] result = new TResult[Shapes.Count(kept)];
        Array.Fill(result, start);
        int[] places = Numbers.Range(kept).Expanded(Shape).Values;
        for (int i = 0; i < Values.Length; i++)
        {
            ref TResult place = ref result[places[i]];
            place = add(place, Values[i]);
        }

        return new(result, kept);
    }

    public Numbers<T> Sum(IEnumerable<long> axes) => Reduced(axes, T.Zero, (sum, x) => sum + x);

    /// <summary>The mean; not a number if there are no elements.</summary>
    public Numbers<T> Mean(IEnumerable<long> axes)
    {
        Numbers<T> sum = Sum(axes);
        return sum.Map(one => one / T.CreateChecked(Values.Length / Math.Max(1, sum.Values.Length)));
    }

    public Numbers<T> Reshaped(params IReadOnlyList<int> shape) => this with { Shape = shape };

    /// <summary>Repeated so that it has the shape.</summary>
    public Numbers<T> Expanded(IReadOnlyList<int> shape)
    {
        if (Shape.SequenceEqual(shape))
        {
            return this;
        }

        int[] strides = Shapes.Strides(Shape);
        int missing = shape.Count - Shape.Count;
        int[][] tables = [.. shape.Select((extent, axis) => axis < missing || Shape[axis - missing] == 1
            ? new int[extent] : Numbers.Steps(extent, 0, 1, strides[axis - missing]))];
        return new(Moved(tables, T.Zero), shape);
    }

    /// <summary>With the axes in another order.</summary>
    public Numbers<T> Transposed(params int[] order)
    {
        int[] strides = Shapes.Strides(Shape);
        return new(
            Moved([.. order.Select(axis => Numbers.Steps(Shape[axis], 0, 1, strides[axis]))], T.Zero),
            [.. order.Select(axis => Shape[axis])]);
    }

    /// <summary>The elements at these places of an axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="places">From 0; <see cref="Numbers.Outside"/> is a place of the fill value.</param>
    /// <param name="fill">The value.</param>
    public Numbers<T> Along(int axis, int[] places, T fill)
    {
        int[] strides = Shapes.Strides(Shape);
        int[][] tables = [.. Shape.Select((extent, i) => i != axis ? Numbers.Steps(extent, 0, 1, strides[i])
            : Array.ConvertAll(places, at => at == Numbers.Outside ? at : at * strides[i]))];
        return new(Moved(tables, fill), [.. tables.Select(table => table.Length)]);
    }

    /// <summary>Copies elements. Each axis of the result has a table that says how far each index goes here.</summary>
    public T[] Moved(int[][] tables, T fill)
    {
        T[] result = new T[tables.Aggregate(1, (product, table) => product * table.Length)];
        int[] last = tables.Length == 0 ? [0] : tables[^1], counters = new int[Math.Max(0, tables.Length - 1)];
        for (int next = 0; next < result.Length; next += last.Length)
        {
            bool outside = false;
            int start = 0;
            for (int axis = 0; axis < counters.Length; axis++)
            {
                int distance = tables[axis][counters[axis]];
                outside |= distance == Numbers.Outside;
                start += distance;
            }

            for (int index = 0; index < last.Length; index++)
            {
                result[next + index] = outside || last[index] == Numbers.Outside ? fill : Values[start + last[index]];
            }

            for (int axis = counters.Length - 1; axis >= 0 && ++counters[axis] == tables[axis].Length; axis--)
            {
                counters[axis] = 0;
            }
        }

        return result;
    }

    /// <summary>Products of the matrices in the last two axes. Those before repeat each other.</summary>
    public Numbers<double> Times(Numbers<T> other)
    {
        int[] left = [.. Shape], right = [.. other.Shape];
        int rows = left[^2], inner = left[^1], columns = right[^1];
        int[] stack = Shapes.Broadcast(left[..^2], right[..^2]);
        int[] lefts = Numbers.Range(left[..^2]).Expanded(stack).Values, rights = Numbers.Range(right[..^2]).Expanded(stack).Values;
        double[] result = new double[Shapes.Count([.. stack, rows, columns])];
        for (int i = 0; i < result.Length; i++)
        {
            int matrix = i / columns / rows, row = (lefts[matrix] * rows) + (i / columns % rows);
            int first = (rights[matrix] * inner * columns) + (i % columns);
            for (int k = 0; k < inner; k++)
            {
                result[i] += double.CreateChecked(Values[(row * inner) + k]) * double.CreateChecked(other.Values[first + (k * columns)]);
            }
        }

        return new(result, [.. stack, rows, columns]);
    }
}
