using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Moves ranges of one parameter between PyTorch's order and the tier's packing.</summary>
internal sealed class ParameterLayout
{
    // Trailing axes share one table of offsets as long as it has fewer entries than this, so that a 3×3 kernel is not walked row by row.
    private const int TableLimit = 16_384;

    // Rows that are interleaved at a time.
    private const int Rows = 4;

    // Columns that are written for all rows before the next columns: few enough for the first-level cache.
    private const int Columns = 64;

    private readonly int[][] _outer;
    private readonly int[] _inner;

    // How many rows of the inner table are interleaved in the packed memory; 1 for none. With blocks of output channels, this is the number
    // of lanes. Such groups begin at multiples of this number.
    private readonly int _sideBySide;

    // The type of an element in the packed memory.
    private readonly WeightStorage _element;

    public ParameterLayout(ParameterInfo info, ParameterPacking packing)
    {
        (Packing, _element) = (packing, packing.Element);
        IReadOnlyList<int> shape = info.Shape;
        int axis = shape.Count;
        int[] inner = [0];
        while (axis > 0 && (inner.Length == 1 || (long)inner.Length * shape[axis - 1] <= TableLimit))
        {
            axis--;
            inner = Combine(Table(packing.Axes[axis], shape[axis]), inner);
        }

        _inner = inner;
        _outer = new int[axis][];
        for (int i = 0; i < axis; i++)
        {
            _outer[i] = Table(packing.Axes[i], shape[i]);
        }

        _sideBySide = SideBySide(_outer);
    }

    /// <summary>How an element lies in memory.</summary>
    private interface IElement<T>
    {
        static abstract T FromSingle(float value);

        static abstract float ToSingle(T element);
    }

    /// <summary>Where the parameter is in the packed memory, and in which order.</summary>
    public ParameterPacking Packing { get; }

    /// <summary>Where the parameter begins in the packed memory.</summary>
    public int Offset => Packing.Offset;

    /// <summary>Bytes of an element in the packed memory.</summary>
    public int ElementSize => _element switch
    {
        WeightStorage.Float32 => sizeof(float),
        WeightStorage.BFloat16 => sizeof(ushort),
        _ => throw Unknown(),
    };

    /// <summary>
    /// If possible, write a multiple of this number of elements at a time. Such writes fill whole cache lines of the packed memory.
    /// </summary>
    public int Group => checked(_sideBySide * _inner.Length);

    /// <summary>Writes elements from <paramref name="start"/> on, in PyTorch's order, into the packed memory.</summary>
    public unsafe void Scatter(ReadOnlySpan<float> source, int start, float* packed)
    {
        switch (_element)
        {
            case WeightStorage.BFloat16:
                Scatter<ushort, BFloat16>(source, start, (ushort*)(packed + Offset));
                break;
            case WeightStorage.Float32:
                Scatter<float, Float32>(source, start, packed + Offset);
                break;
            default:
                throw Unknown();
        }
    }

    /// <summary>Reads elements from <paramref name="start"/> on, in PyTorch's order, from the packed memory.</summary>
    public unsafe void Gather(float* packed, int start, Span<float> destination)
    {
        switch (_element)
        {
            case WeightStorage.BFloat16:
                Gather<ushort, BFloat16>((ushort*)(packed + Offset), start, destination);
                break;
            case WeightStorage.Float32:
                Gather<float, Float32>(packed + Offset, start, destination);
                break;
            default:
                throw Unknown();
        }
    }

    private InvalidOperationException Unknown() => new($"No parameter is stored as {_element}.");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Scatter<T, TElement>(ReadOnlySpan<float> source, int start, T* packed)
        where T : unmanaged
        where TElement : IElement<T>
    {
        (int row, int column) = Math.DivRem(start, _inner.Length);
        while (!source.IsEmpty)
        {
            if (_sideBySide > 1 && column == 0 && row % _sideBySide == 0 && source.Length >= Group)
            {
                Interleave<T, TElement>(source, packed + RowOffset(row));
                source = source[Group..];
                row += _sideBySide;
                continue;
            }

            T* target = packed + RowOffset(row++);
            ReadOnlySpan<int> offsets = _inner.AsSpan(column, int.Min(_inner.Length - column, source.Length));
            for (int i = 0; i < offsets.Length; i++)
            {
                target[offsets[i]] = TElement.FromSingle(source[i]);
            }

            source = source[offsets.Length..];
            column = 0;
        }
    }

    private unsafe void Gather<T, TElement>(T* packed, int start, Span<float> destination)
        where T : unmanaged
        where TElement : IElement<T>
    {
        (int row, int column) = Math.DivRem(start, _inner.Length);
        while (!destination.IsEmpty)
        {
            T* source = packed + RowOffset(row++);
            ReadOnlySpan<int> offsets = _inner.AsSpan(column, int.Min(_inner.Length - column, destination.Length));
            for (int i = 0; i < offsets.Length; i++)
            {
                destination[i] = TElement.ToSingle(source[offsets[i]]);
            }

            destination = destination[offsets.Length..];
            column = 0;
        }
    }

    /// <summary>Writes rows that are interleaved in the packed memory, column by column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Interleave<T, TElement>(ReadOnlySpan<float> source, T* packed)
        where T : unmanaged
        where TElement : IElement<T>
    {
        nint length = _inner.Length;
        fixed (float* rows = source)
        fixed (int* offsets = _inner)
        {
            for (nint first = 0; first < length; first += Columns)
            {
                nint end = nint.Min(first + Columns, length);
                for (int row = 0; row < _sideBySide; row += Rows)
                {
                    float* a = rows + (row * length), b = a + length, c = b + length, d = c + length;
                    T* target = packed + row;
                    for (nint column = first; column < end; column++)
                    {
                        T* at = target + offsets[column];
                        at[0] = TElement.FromSingle(a[column]);
                        at[1] = TElement.FromSingle(b[column]);
                        at[2] = TElement.FromSingle(c[column]);
                        at[3] = TElement.FromSingle(d[column]);
                    }
                }
            }
        }
    }

    /// <summary>Where a row begins, in elements from the parameter's first.</summary>
    private int RowOffset(int row)
    {
        int offset = 0;
        for (int i = _outer.Length - 1; i >= 0; i--)
        {
            (row, int index) = Math.DivRem(row, _outer[i].Length);
            offset += _outer[i][index];
        }

        return offset;
    }

    /// <summary>
    /// How many rows are interleaved. It is the largest group size, up to a cache line, for which the rows of each group begin at
    /// consecutive elements of the packed memory.
    /// </summary>
    private static int SideBySide(int[][] outer)
    {
        if (outer is not [.., int[] table])
        {
            return 1;
        }

        for (int rows = AlignedMemory.LineFloats; rows >= Rows; rows /= 2)
        {
            // If there are axes before the last one, groups of rows must divide its extent, so that no group goes beyond it.
            if (table.Length >= rows && (outer.Length == 1 || table.Length % rows == 0) && Follow(table, rows))
            {
                return rows;
            }
        }

        return 1;
    }

    private static bool Follow(int[] table, int rows)
    {
        for (int i = 0; i < table.Length; i++)
        {
            if (table[i] != table[i - (i % rows)] + (i % rows))
            {
                return false;
            }
        }

        return true;
    }

    // Optimised at the first call, since the table of a large network has some hundred thousand elements.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Combine(int[] outer, int[] inner)
    {
        int[] combined = new int[outer.Length * inner.Length];
        int k = 0;
        foreach (int offset in outer)
        {
            foreach (int step in inner)
            {
                combined[k++] = offset + step;
            }
        }

        return combined;
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

    private readonly struct Float32 : IElement<float>
    {
        public static float FromSingle(float value) => value;

        public static float ToSingle(float element) => element;
    }

    private readonly struct BFloat16 : IElement<ushort>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ushort FromSingle(float value)
        {
            // Round to nearest, ties to even: add half of the last place, less one if that place is even. For NaN, set a bit that survives
            // the cut; otherwise NaN could become infinite.
            uint bits = BitConverter.SingleToUInt32Bits(value);
            return (ushort)((float.IsNaN(value) ? bits | 0x40_0000 : bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }

        public static float ToSingle(ushort element) => BitConverter.UInt32BitsToSingle((uint)element << 16);
    }
}
