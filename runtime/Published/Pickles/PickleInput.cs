using System;
using System.Buffers.Binary;
using System.Text;

namespace Strata.Weights;

/// <summary>
/// Reads the bytes of a pickle forward. No length that the pickle claims is allocated before it was compared with the rest.
/// </summary>
internal sealed class PickleInput
{
    private const int PieceLength = 65_536;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SourceFile _file;
    private readonly FileRegion _region;
    private readonly string _limit;
    private readonly byte[] _buffer;
    private long _bufferBegin;
    private int _filled;
    private int _read;

    /// <summary>Begins at the region's first byte.</summary>
    /// <param name="file">The file.</param>
    /// <param name="region">The bytes that may be read.</param>
    /// <param name="limit">What sets the region's end, for the message about a pickle that goes beyond it.</param>
    public PickleInput(SourceFile file, FileRegion region, string limit)
    {
        (_file, _region, _limit) = (file, region, limit);
        _buffer = new byte[(int)long.Min(PieceLength, region.Length)];
        _bufferBegin = region.Begin;
    }

    /// <summary>The next byte's place in the file.</summary>
    public long Position => _bufferBegin + _read;

    private long Rest => _region.End - Position;

    public byte ReadByte()
    {
        if (_read == _filled)
        {
            Fill();
        }

        return _buffer[_read++];
    }

    public ushort ReadUInt16() => (ushort)(ReadByte() | (ReadByte() << 8));

    public uint ReadUInt32() => ReadUInt16() | ((uint)ReadUInt16() << 16);

    public ulong ReadUInt64() => ReadUInt32() | ((ulong)ReadUInt32() << 32);

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(BinaryPrimitives.ReverseEndianness(ReadUInt64()));

    /// <summary>Bytes whose number the pickle gives.</summary>
    public byte[] ReadBytes(ulong length)
    {
        if (length > (ulong)Rest)
        {
            throw Ended($"a value of {length} bytes");
        }

        byte[] bytes = new byte[length];
        for (Span<byte> rest = bytes; !rest.IsEmpty;)
        {
            if (_read == _filled)
            {
                Fill();
            }

            int count = int.Min(rest.Length, _filled - _read);
            _buffer.AsSpan(_read, count).CopyTo(rest);
            rest = rest[count..];
            _read += count;
        }

        return bytes;
    }

    /// <summary>Text in UTF-8 whose number of bytes the pickle gives.</summary>
    public string ReadText(ulong length)
    {
        long position = Position;
        try
        {
            return Utf8.GetString(ReadBytes(length));
        }
        catch (DecoderFallbackException)
        {
            throw new DamagedFileException($"the pickle is damaged: the text at byte {position} is no UTF-8.");
        }
    }

    /// <summary>Text up to the end of the line.</summary>
    /// <param name="most">The most characters.</param>
    public string ReadLine(int most)
    {
        long position = Position;
        var line = new StringBuilder();
        for (byte next = ReadByte(); next != (byte)'\n'; next = ReadByte())
        {
            if (next is < 0x20 or > 0x7E || line.Length == most)
            {
                throw new DamagedFileException($"the pickle is damaged: at byte {position}, a name of at most {most} letters is expected.");
            }

            line.Append((char)next);
        }

        return line.ToString();
    }

    private void Fill()
    {
        if (Rest == 0)
        {
            throw Ended("more");
        }

        _bufferBegin = Position;
        _filled = (int)long.Min(_buffer.Length, _region.End - _bufferBegin);
        _read = 0;
        _file.Read(_bufferBegin, _buffer.AsSpan(0, _filled));
    }

    private DamagedFileException Ended(string expected) =>
        new($"the pickle goes on at byte {Position}, where {expected} is expected, but {_limit}.");
}
