using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>A tensor with PyTorch's shape whose numbers are views of a file's arrays, one after the other.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Extents">Its extents.</param>
/// <param name="Pieces">The views.</param>
/// <param name="Read">Reads the bytes of an array.</param>
internal sealed record KerasTensor(
    string Name, ElementType Type, long[] Extents, IReadOnlyList<ArrayView> Pieces, Func<Hdf5Array, byte[]> Read) : NamedTensor(Name, Type)
{
    /// <summary>The number that it has everywhere, if there are no pieces: 0 or 1.</summary>
    public float Fill { get; init; }

    public override long[] Shape => Extents;

    public override long Length => ElementCount.Of<long>(Extents, int.MaxValue) * Type.Size;

    public override long Cost => Length + Pieces.Select(piece => piece.Array).Distinct().Sum(array => array.Length);

    // PureHDF does not tell where an array is.
    public override long? Place => null;

    public override byte[] Gather(SourceFile file)
    {
        if (Length > Array.MaxLength)
        {
            throw new DamagedFileException($"it has {MessageText.Count(Length, "byte")}; at most {Array.MaxLength} are read.", Name);
        }

        byte[] target = new byte[Length];
        if (Pieces.Count == 0)
        {
            return Filled(target);
        }

        int position = 0;
        Hdf5Array? array = null;
        byte[] source = [];
        foreach (ArrayView piece in Pieces)
        {
            source = ReferenceEquals(array, piece.Array) ? source : Read(piece.Array);
            array = piece.Array;
            int length = (int)(piece.Layout.Count * Type.Size);
            piece.Layout.Gather(source.AsSpan((int)(piece.Layout.Offset * Type.Size)), Type.Size, target.AsSpan(position, length));
            position += length;
        }

        return position == target.Length ? target : throw new InvalidOperationException($"{Name}: {position} of {target.Length} bytes.");
    }

    private byte[] Filled(byte[] target)
    {
        if (Fill != 0)
        {
            for (int i = 0; i < target.Length; i += sizeof(float))
            {
                BitConverter.TryWriteBytes(target.AsSpan(i), Fill);
            }
        }

        return target;
    }
}
