using System;
using System.Linq;
using System.Runtime.InteropServices;

namespace Strata.Weights;

/// <summary>Which numbers of a storage are a tensor's, as in PyTorch.</summary>
/// <param name="Offset">The first number.</param>
/// <param name="Shape">The extent of each axis.</param>
/// <param name="Strides">How many numbers further the next one along each axis is.</param>
internal sealed record TensorLayout(long Offset, long[] Shape, long[] Strides)
{
    // As many as safetensors files may have, and PyTorch.
    private const int MostAxes = 64;

    /// <summary>How many numbers the tensor has.</summary>
    public long Count { get; } = ElementCount.Of<long>(Shape, long.MaxValue / 16);

    /// <summary>How many numbers of the storage lie between its first and its last one, inclusive.</summary>
    public long Span { get; private init; }

    /// <summary>Whether the numbers lie one after the other.</summary>
    public bool IsContiguous { get; private init; }

    /// <summary>A layout, if all of its numbers are in the storage.</summary>
    /// <param name="offset">The first number.</param>
    /// <param name="shape">The extents.</param>
    /// <param name="strides">The strides.</param>
    /// <param name="stored">How many numbers the storage has.</param>
    public static TensorLayout Checked(long offset, long[] shape, long[] strides, long stored)
    {
        if (shape.Length != strides.Length || shape.Length > MostAxes || offset < 0 || offset > stored
            || shape.Any(extent => extent < 0) || strides.Any(stride => stride < 0))
        {
            throw new DamagedFileException($"a tensor {MessageText.Shape(shape)} with the strides {MessageText.Shape(strides)} from number "
                + $"{offset} of {stored} on cannot be.");
        }

        var layout = new TensorLayout(offset, shape, strides);
        Int128 last = 0, next = 1;
        bool isContiguous = true;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1)
            {
                isContiguous &= strides[axis] == next;
                last += (Int128)(shape[axis] - 1) * strides[axis];
                next *= shape[axis];
            }

            // The sum is at most 2⁶³ then, so that it does not overflow.
            if (layout.Count < 0 || (layout.Count > 0 && last > stored))
            {
                break;
            }
        }

        return layout.Count == 0 ? layout with { Span = 0, IsContiguous = true }
            : layout.Count > 0 && offset + last < stored ? layout with { Span = (long)last + 1, IsContiguous = isContiguous }
            : throw new DamagedFileException($"a tensor {MessageText.Shape(shape)} with the strides {MessageText.Shape(strides)} from "
                + $"number {offset} on goes beyond its storage of {MessageText.Count(stored, "number")}.");
    }

    /// <summary>Copies the numbers in row-major order.</summary>
    /// <param name="source">The storage's bytes from the tensor's first number on.</param>
    /// <param name="size">Bytes of a number: 1, 2, 4, 8 or 16.</param>
    /// <param name="target">Receives the numbers.</param>
    public void Gather(ReadOnlySpan<byte> source, int size, Span<byte> target)
    {
        switch (size)
        {
            case 1:
                Gather(source, target);
                break;
            case 2:
                Gather(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<byte, ushort>(target));
                break;
            case 4:
                Gather(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(target));
                break;
            case 8:
                Gather(MemoryMarshal.Cast<byte, ulong>(source), MemoryMarshal.Cast<byte, ulong>(target));
                break;
            default:
                Gather(MemoryMarshal.Cast<byte, UInt128>(source), MemoryMarshal.Cast<byte, UInt128>(target));
                break;
        }
    }

    private void Gather<T>(ReadOnlySpan<T> source, Span<T> target)
    {
        if (Count == 0)
        {
            return;
        }

        // An axis of one element goes before the others, so that there are two at least.
        long[] shape = [1, 1, .. Shape], strides = [0, 0, .. Strides], steps = new long[shape.Length];
        int last = shape.Length - 1, near = last - 1;
        steps[last] = 1;
        for (int axis = last - 1; axis >= 0; axis--)
        {
            steps[axis] = steps[axis + 1] * shape[axis + 1];
            near = shape[axis] > 1 && (shape[near] == 1 || strides[axis] < strides[near]) ? axis : near;
        }

        long[] index = new long[shape.Length];
        for (bool isLast = false; !isLast;)
        {
            long from = 0, to = 0;
            for (int axis = 0; axis < last; axis++)
            {
                from += index[axis] * strides[axis];
                to += index[axis] * steps[axis];
            }

            CopyTiles(source[(int)from..], (shape[near], strides[near], steps[near]), (shape[last], strides[last]), target[(int)to..]);
            isLast = true;
            for (int axis = last - 1; axis >= 0 && isLast; axis--)
            {
                index[axis] = axis == near || index[axis] + 1 == shape[axis] ? 0 : index[axis] + 1;
                isLast = index[axis] == 0;
            }
        }
    }

    /// <summary>
    /// Copies two axes, in squares that stay in the cache: one axis has neighbours in the source, and the last one in the target.
    /// </summary>
    private static void CopyTiles<T>(
        ReadOnlySpan<T> source, (long Count, long Stride, long Step) near, (long Count, long Stride) last, Span<T> target)
    {
        const int Tile = 32;
        for (long row = 0; row < near.Count; row += Tile)
        {
            for (long column = 0; column < last.Count; column += Tile)
            {
                for (long i = row; i < long.Min(row + Tile, near.Count); i++)
                {
                    for (long j = column; j < long.Min(column + Tile, last.Count); j++)
                    {
                        target[(int)((i * near.Step) + j)] = source[(int)((i * near.Stride) + (j * last.Stride))];
                    }
                }
            }
        }
    }
}
