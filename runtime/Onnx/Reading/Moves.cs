using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>Copies elements. Each axis of the result has a table that says how far each index goes in the source.</summary>
internal static class Moves
{
    /// <summary>In a table: this index reads the fill value.</summary>
    public const int Outside = -1;

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

    public static T[] Copy<T>(T[] source, int[][] tables, T fill)
    {
        int count = tables.Aggregate(1, (product, table) => product * table.Length);
        T[] result = new T[count];
        if (count == 0)
        {
            return result;
        }

        if (tables.Length == 0)
        {
            result[0] = source[0];
            return result;
        }

        int[] last = tables[^1];
        int[] counters = new int[tables.Length - 1];
        for (int next = 0; next < count; next += last.Length)
        {
            bool outside = false;
            int start = 0;
            for (int axis = 0; axis < counters.Length; axis++)
            {
                int distance = tables[axis][counters[axis]];
                outside |= distance == Outside;
                start += distance;
            }

            for (int index = 0; index < last.Length; index++)
            {
                result[next + index] = outside || last[index] == Outside ? fill : source[start + last[index]];
            }

            for (int axis = counters.Length - 1; axis >= 0 && ++counters[axis] == tables[axis].Length; axis--)
            {
                counters[axis] = 0;
            }
        }

        return result;
    }

    /// <summary>Repeats a tensor so that it has the shape.</summary>
    public static T[] Broadcast<T>(T[] source, IReadOnlyList<int> from, IReadOnlyList<int> to)
    {
        if (from.SequenceEqual(to))
        {
            return source;
        }

        int[] strides = Shapes.Strides(from);
        int[][] tables = new int[to.Count][];
        for (int axis = 0; axis < to.Count; axis++)
        {
            int own = axis - (to.Count - from.Count);
            tables[axis] = own < 0 || from[own] == 1 ? new int[to[axis]] : Steps(to[axis], 0, 1, strides[own]);
        }

        return Copy(source, tables, default!);
    }
}
