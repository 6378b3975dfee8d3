using System;

namespace Strata.Imaging.Jpeg;

/// <summary>The bytes of a file, with the place that was reached, and segments of compressed data without their stuffed bytes.</summary>
internal sealed unsafe class Input(byte* bytes, int length, bool allowTruncated, Arena arena)
{
    private byte* _segment;
    private int _position;

    /// <summary>The marker that ended the last segment and was not consumed; 0 for none.</summary>
    public int PendingMarker { get; set; }

    /// <summary>Whether the file ended where a marker was expected.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>A segment without data, as behind a marker that nothing may pass.</summary>
    public BitReader EmptySegment()
    {
        Prepare();
        new Span<byte>(_segment, BitReader.Padding).Clear();
        return new BitReader(_segment, _segment);
    }

    /// <summary>Reads compressed data up to the next marker, which is pending then.</summary>
    public BitReader ReadSegment()
    {
        Prepare();
        byte* target = _segment;
        var rest = new ReadOnlySpan<byte>(bytes + _position, length - _position);
        while (true)
        {
            int data = rest.IndexOf((byte)0xFF);
            data = data < 0 ? rest.Length : data;
            rest[..data].CopyTo(new Span<byte>(target, data));
            target += data;
            rest = rest[data..];

            // One 0xFF or more: before 0 it is a byte of data, else a marker.
            int fill = rest.IndexOfAnyExcept((byte)0xFF);
            if (fill < 0)
            {
                (_position, PendingMarker) = (length, 0);
                _ = EndOfFile();
                break;
            }

            int code = rest[fill];
            rest = rest[(fill + 1)..];
            if (code != 0)
            {
                (_position, PendingMarker) = (length - rest.Length, code);
                break;
            }

            *target++ = 0xFF;
        }

        new Span<byte>(target, BitReader.Padding).Clear();
        return new BitReader(_segment, target);
    }

    /// <summary>The next marker: the pending one, or the first one behind the place that was reached.</summary>
    public int ReadMarker()
    {
        if (PendingMarker != 0)
        {
            int pending = PendingMarker;
            PendingMarker = 0;
            return pending;
        }

        while (true)
        {
            var rest = new ReadOnlySpan<byte>(bytes + _position, length - _position);
            int begin = rest.IndexOf((byte)0xFF);
            int fill = begin < 0 ? -1 : rest[begin..].IndexOfAnyExcept((byte)0xFF);
            if (fill < 0)
            {
                _position = length;
                return EndOfFile();
            }

            int code = rest[begin + fill];
            _position += begin + fill + 1;
            if (code != 0)
            {
                return code;
            }
        }
    }

    /// <summary>The content of a marker's segment; its length stands before it.</summary>
    public ReadOnlySpan<byte> ReadBody(string what)
    {
        if (length - _position < 2)
        {
            throw CutOff(what);
        }

        int size = (bytes[_position] << 8) | bytes[_position + 1];
        if (size < 2)
        {
            throw new ImageFormatException($"the JPEG file is damaged: {what} has the length {size}; 2 or more is expected");
        }

        if (size > length - _position)
        {
            throw CutOff(what);
        }

        var body = new ReadOnlySpan<byte>(bytes + _position + 2, size - 2);
        _position += size;
        return body;
    }

    /// <summary>The message for data that end too early.</summary>
    public static ImageFormatException CutOff(string what) => new($"the JPEG file is cut off in {what}") { IsCutOff = true };

    private int EndOfFile()
    {
        IsCutOff = true;
        PendingMarker = allowTruncated ? Marker.EndOfImage : 0;
        return Marker.EndOfImage;
    }

    private void Prepare()
    {
        if (_segment == null)
        {
            _segment = arena.Allocate<byte>((long)length - _position + BitReader.Padding);
        }
    }
}
