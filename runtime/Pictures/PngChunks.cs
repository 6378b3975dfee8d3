using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;

namespace Strata.Pictures;

/// <summary>Reads the chunks of a PNG file: length, type, data, checksum. As a stream, it gives the data of the IDAT chunks.</summary>
/// <param name="stream">The file, after its signature.</param>
/// <param name="allowTruncated">Whether the file may end anywhere after the beginning of its image data.</param>
internal sealed class PngChunks(Stream stream, bool allowTruncated) : ForwardStream
{
    private const int TypeLength = 4;

    private int _left;
    private uint _sum;
    private bool _hasImage;

    /// <summary>The type of the current chunk.</summary>
    public string Type { get; private set; } = "";

    /// <summary>Bytes of the current chunk.</summary>
    public int ChunkLength { get; private set; }

    /// <summary>Whether something was wrong with the chunks themselves, or with the stream that they come from.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether the file has ended too early, where that is allowed. There are no more chunks then.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Goes on to the next chunk. Skips the rest of the current one.</summary>
    public void Next()
    {
        if (Type.Length > 0)
        {
            End();
        }

        Span<byte> head = stackalloc byte[sizeof(uint) + TypeLength];
        if (IsCutOff || Fill(head) < head.Length)
        {
            return;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length > int.MaxValue)
        {
            throw Failure("the PNG file is damaged (length of a chunk)");
        }

        Type = Encoding.Latin1.GetString(head[sizeof(uint)..]);
        (ChunkLength, _left, _sum) = ((int)length, (int)length, Png.Checksum(head[sizeof(uint)..]));
        _hasImage |= Type == "IDAT";
    }

    /// <summary>Reads the rest of the current chunk and compares its checksum.</summary>
    public void End()
    {
        Span<byte> buffer = stackalloc byte[512];
        while (_left > 0 && !IsCutOff)
        {
            Take(buffer[..int.Min(_left, buffer.Length)]);
        }

        Span<byte> sum = buffer[..sizeof(uint)];
        if (!IsCutOff && Fill(sum) == sum.Length && BinaryPrimitives.ReadUInt32BigEndian(sum) != _sum)
        {
            throw Failure($"the PNG file is damaged (checksum of '{MessageText.Show(Type)}')");
        }
    }

    /// <summary>All data of the current chunk. The caller has checked that it is short.</summary>
    public byte[] Body()
    {
        byte[] body = new byte[_left];
        Take(body);
        return body;
    }

    /// <summary>Image data: of the current IDAT chunk, then of those that follow it.</summary>
    public override int Read(Span<byte> buffer)
    {
        while (_left == 0 && Type == "IDAT" && !IsCutOff)
        {
            Next();
        }

        return Take(buffer[..(Type == "IDAT" && !IsCutOff ? int.Min(_left, buffer.Length) : 0)]);
    }

    private int Take(Span<byte> data)
    {
        int taken = Fill(data);
        _left -= taken;
        _sum = Png.Checksum(data[..taken], _sum);
        return taken;
    }

    /// <returns>The bytes that were there: fewer than were asked for only where the file may end.</returns>
    private int Fill(Span<byte> data)
    {
        int read;
        try
        {
            read = stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        }
        catch
        {
            Failed = true;
            throw;
        }

        IsCutOff |= read < data.Length;
        return !IsCutOff || (allowTruncated && _hasImage) ? read
            : throw Failure("the PNG file is cut off", new EndOfStreamException());
    }

    private InvalidDataException Failure(string problem, Exception? cause = null)
    {
        Failed = true;
        return new InvalidDataException(problem, cause);
    }
}
