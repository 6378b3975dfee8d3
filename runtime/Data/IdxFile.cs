using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace Strata;

/// <summary>
/// An array of bytes in the IDX format (LeCun, Cortes and Burges, the MNIST database), plain or compressed with gzip: two zero bytes,
/// the element type, the number of dimensions, each dimension as 32 bits big-endian, then the elements.
/// </summary>
public sealed class IdxFile
{
    private const int UnsignedByte = 0x08;
    private const int MaximumDimensions = 8;
    private const int FirstRead = 1 << 20;

    private IdxFile(IReadOnlyList<int> dimensions, byte[] data)
    {
        Dimensions = dimensions;
        Data = data;
    }

    /// <summary>The extents, the number of items first: (60000, 28, 28) for images, (60000) for labels.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The elements in row-major order.</summary>
#pragma warning disable CA1819 // A large buffer that belongs to the caller; a copy would serve nobody.
    public byte[] Data { get; }
#pragma warning restore CA1819

    /// <summary>Number of items.</summary>
    public int Count => Dimensions[0];

    /// <summary>Reads a file of any number of dimensions.</summary>
    /// <param name="path">The file, plain or gzip (told apart by its content).</param>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, too long or no IDX file of bytes.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxFile Read(string path) => ReadFile(path, null, "");

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream, plain or gzip.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">The data is damaged, truncated, too long or not in the IDX format for bytes.</exception>
    public static IdxFile Read(Stream stream, string name = "stream") => ReadStream(stream, name, null, "");

    /// <summary>Reads a file of images: (count, height, width).</summary>
    /// <param name="path">The file, plain or gzip (told apart by its content).</param>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, too long, or does not hold images.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxFile ReadImages(string path) => ReadFile(path, 3, "images (count, height, width)");

    /// <summary>As <see cref="ReadImages(string)"/>, from a stream.</summary>
    /// <param name="stream">The stream, plain or gzip.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">The data is damaged, truncated, too long, or does not hold images.</exception>
    public static IdxFile ReadImages(Stream stream, string name = "stream") =>
        ReadStream(stream, name, 3, "images (count, height, width)");

    /// <summary>Reads a file of labels: (count).</summary>
    /// <param name="path">The file, plain or gzip (told apart by its content).</param>
    /// <returns>The labels as a trainer takes them.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, too long, or does not hold labels.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static int[] ReadLabels(string path) => Labels(ReadFile(path, 1, "labels (count)"));

    /// <summary>As <see cref="ReadLabels(string)"/>, from a stream.</summary>
    /// <param name="stream">The stream, plain or gzip.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>The labels as a trainer takes them.</returns>
    /// <exception cref="InvalidDataException">The data is damaged, truncated, too long, or does not hold labels.</exception>
    public static int[] ReadLabels(Stream stream, string name = "stream") => Labels(ReadStream(stream, name, 1, "labels (count)"));

    private static int[] Labels(IdxFile file) => Array.ConvertAll(file.Data, label => (int)label);

    private static IdxFile ReadFile(string path, int? rank, string wanted)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65_536, FileOptions.SequentialScan);
        return ReadStream(stream, path, rank, wanted);
    }

    private static IdxFile ReadStream(Stream stream, string name, int? rank, string wanted)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
        {
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            stream = copy;
        }

        long start = stream.Position;
        bool isGzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = start;
        if (!isGzip)
        {
            return Parse(stream, name, rank, wanted);
        }

        using var gzip = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        return Parse(gzip, name, rank, wanted);
    }

    private static IdxFile Parse(Stream stream, string name, int? rank, string wanted)
    {
        Span<byte> magic = stackalloc byte[4];
        magic = magic[..Fill(stream, magic, name)];
        if (magic.Length < 4 || magic[0] != 0 || magic[1] != 0)
        {
            throw new InvalidDataException($"{name}: not an IDX file: it begins with {Convert.ToHexString(magic)} instead of 0000.");
        }

        if (magic[2] != UnsignedByte)
        {
            throw new InvalidDataException($"{name}: elements of type 0x{magic[2]:X2} instead of unsigned bytes (0x08).");
        }

        int dimensions = magic[3];
        if (dimensions is 0 or > MaximumDimensions)
        {
            throw new InvalidDataException($"{name}: {dimensions} dimensions; 1 to {MaximumDimensions} are possible.");
        }

        if (dimensions != rank && rank is not null)
        {
            throw new InvalidDataException($"{name}: expected {wanted}, found {dimensions} dimension{(dimensions == 1 ? "" : "s")}.");
        }

        Span<byte> header = stackalloc byte[4 * dimensions];
        if (Fill(stream, header, name) < header.Length)
        {
            throw new InvalidDataException($"{name}: the file is truncated within its header.");
        }

        uint[] extents = new uint[dimensions];
        UInt128 length = 1;
        for (int i = 0; i < dimensions; i++)
        {
            extents[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(4 * i)..]);
            length *= extents[i];
        }

        string shape = Parameter.FormatShape(extents);
        if (length > (UInt128)Array.MaxLength || extents.Any(e => e > int.MaxValue))
        {
            throw new InvalidDataException($"{name}: the dimensions {shape} are too large.");
        }

        byte[] data = ReadExactly(stream, (int)length, name, shape);
        return Fill(stream, magic[..1], name) == 0
            ? new IdxFile(Array.ConvertAll(extents, e => (int)e).AsReadOnly(), data)
            : throw new InvalidDataException($"{name}: the dimensions {shape} make {length} bytes, but more follow.");
    }

    // The buffer grows with what is there, not with what the header claims.
    private static byte[] ReadExactly(Stream stream, int length, string name, string shape)
    {
        byte[] data = new byte[int.Min(length, FirstRead)];
        int filled = 0;
        while (true)
        {
            filled += Fill(stream, data.AsSpan(filled), name);
            if (filled < data.Length)
            {
                throw new InvalidDataException(
                    $"{name}: the file is truncated: the dimensions {shape} make {length} bytes, and {filled} are there.");
            }

            if (filled == length)
            {
                return data;
            }

            Array.Resize(ref data, (int)long.Min(length, 2L * data.Length));
        }
    }

    /// <summary>Reads until the buffer is full or the stream ends.</summary>
    private static int Fill(Stream stream, Span<byte> buffer, string name)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name}: the gzip data is damaged: {e.Message}", e);
        }
    }
}
