using System;
using System.Buffers.Binary;

namespace Strata.Weights;

/// <summary>Reads numbers out of bytes, all of which must be there.</summary>
internal ref struct ByteCursor
{
    private readonly string _what;
    private readonly long _place;
    private ReadOnlySpan<byte> _rest;

    /// <param name="bytes">The bytes.</param>
    /// <param name="what">What they are, with its article: <c>a symbol table</c>.</param>
    /// <param name="place">Where they are in the file.</param>
    public ByteCursor(ReadOnlySpan<byte> bytes, string what, long place)
    {
        _rest = bytes;
        _what = what;
        _place = place;
    }

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => _rest.Length;

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw Damaged($"{count} more bytes are expected, and {_rest.Length} are there");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <summary>A length or an address. Those of files are positive.</summary>
    public long I64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    /// <summary>Reads a number that has one value only in the files that are read.</summary>
    public void Expect(int expected, int found, string name)
    {
        if (expected != found)
        {
            throw Damaged($"its {name} is {found} instead of {expected}");
        }
    }

    public void Expect(ReadOnlySpan<byte> signature)
    {
        if (!Take(signature.Length).SequenceEqual(signature))
        {
            throw Damaged("its signature is missing");
        }
    }

    public readonly DamagedFileException Damaged(string problem) => new($"the HDF5 file is damaged: {_what} at byte {_place}: {problem}.");
}
