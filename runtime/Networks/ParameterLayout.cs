using System;
using System.Collections.Generic;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Moves ranges of one parameter between PyTorch's order and the tier's packing.</summary>
internal sealed class ParameterLayout
{
    // The trailing axes whose product stays below this share one table, so that a 3×3 kernel is not walked row by row.
    private const int TableLimit = 4096;

    private readonly int[][] _outer;
    private readonly int[] _inner;

    public ParameterLayout(ParameterInfo info, ParameterPacking packing)
    {
        Offset = packing.Offset;
        IReadOnlyList<int> shape = info.Shape;
        int axis = shape.Count;
        int[] inner = [0];
        while (axis > 0 && (inner.Length == 1 || (long)inner.Length * shape[axis - 1] <= TableLimit))
        {
            axis--;
            int[] table = Table(packing.Axes[axis], shape[axis]);
            int[] combined = new int[table.Length * inner.Length];
            for (int i = 0; i < combined.Length; i++)
            {
                combined[i] = table[i / inner.Length] + inner[i % inner.Length];
            }

            inner = combined;
        }

        _inner = inner;
        _outer = new int[axis][];
        for (int i = 0; i < axis; i++)
        {
            _outer[i] = Table(packing.Axes[i], shape[i]);
        }
    }

    /// <summary>Where the parameter begins in the packed memory.</summary>
    public int Offset { get; }

    /// <summary>Writes elements from <paramref name="start"/> on, in PyTorch's order, into the packed memory.</summary>
    public unsafe void Scatter(ReadOnlySpan<float> source, int start, float* packed)
    {
        (int row, int column) = Math.DivRem(start, _inner.Length);
        while (!source.IsEmpty)
        {
            float* target = packed + RowOffset(row++);
            ReadOnlySpan<int> offsets = _inner.AsSpan(column, int.Min(_inner.Length - column, source.Length));
            for (int i = 0; i < offsets.Length; i++)
            {
                target[offsets[i]] = source[i];
            }

            source = source[offsets.Length..];
            column = 0;
        }
    }

    /// <summary>Reads elements from <paramref name="start"/> on, in PyTorch's order, from the packed memory.</summary>
    public unsafe void Gather(float* packed, int start, Span<float> destination)
    {
        (int row, int column) = Math.DivRem(start, _inner.Length);
        while (!destination.IsEmpty)
        {
            float* source = packed + RowOffset(row++);
            ReadOnlySpan<int> offsets = _inner.AsSpan(column, int.Min(_inner.Length - column, destination.Length));
            for (int i = 0; i < offsets.Length; i++)
            {
                destination[i] = source[offsets[i]];
            }

            destination = destination[offsets.Length..];
            column = 0;
        }
    }

    private int RowOffset(int row)
    {
        int offset = Offset;
        for (int i = _outer.Length - 1; i >= 0; i--)
        {
            (row, int index) = Math.DivRem(row, _outer[i].Length);
            offset += _outer[i][index];
        }

        return offset;
    }

    private static int[] Table(PackedAxis axis, int extent)
    {
        int[] table = new int[extent];
        for (int i = 0; i < extent; i++)
        {
            table[i] = axis.Offset(i);
        }

        return table;
    }
}
