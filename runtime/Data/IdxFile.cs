using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace Strata.Data;

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
#pragma warning disable CA1819 // A large buffer that belongs to the caller; it is not copied.
    public byte[] Data { get; }
#pragma warning restore CA1819

    /// <summary>Number of items.</summary>
    public int Count => Dimensions[0];

    /// <summary>Reads a file of any number of dimensions.</summary>
    /// <param name="path">The file, plain or gzip (told apart by its content).</param>
    /// <param name="options">How much memory it may take; null for the default.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, truncated, larger than the options allow or no IDX file of bytes.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxFile Read(string path, IdxOptions? options = null) => ReadFile(path, options, null, "");

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream, plain or gzip.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How much memory it may take; null for the default.</param>
    /// <exception cref="InvalidDataException">
    /// The data is damaged, truncated, larger than the options allow or not in the IDX format for bytes.
    /// </exception>
    public static IdxFile Read(Stream stream, string name = "stream", IdxOptions? options = null) =>
        ReadStream(stream, name, options, null, "");

    /// <summary>Reads a file of images: (count, height, width).</summary>
    /// <param name="path">The file, plain or gzip (told apart by its content).</param>
    /// <param name="options">How much memory it may take; null for the default.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, truncated, larger than the options allow, or does not hold images.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxFile ReadImages(string path, IdxOptions? options = null) =>
        ReadFile(path, options, 3, "images (count, height, width)");

    /// <summary>Reads images from a stream: (count, height, width).</summary>
    /// <param name="stream">The stream, plain or gzip.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How much memory it may take; null for the default.</param>
    /// <exception cref="InvalidDataException">
    /// The data is damaged, truncated, larger than the options allow, or does not hold images.
    /// </exception>
    public static IdxFile ReadImages(Stream stream, string name = "stream", IdxOptions? options = null) =>
        ReadStream(stream, name, options, 3, "images (count, height, width)");

    /// <summary>Reads a file of labels: (count).</summary>
    /// <param name="path">The file, plain or gzip (told apart by its content).</param>
    /// <param name="options">How much memory it may take; null for the default.</param>
    /// <returns>The labels as a trainer takes them.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, truncated, larger than the options allow, or does not hold labels.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static int[] ReadLabels(string path, IdxOptions? options = null) =>
        Labels(ReadFile(path, options, 1, "labels (count)"));

    /// <summary>Reads labels from a stream: (count).</summary>
    /// <param name="stream">The stream, plain or gzip.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How much memory it may take; null for the default.</param>
    /// <returns>The labels as a trainer takes them.</returns>
    /// <exception cref="InvalidDataException">
    /// The data is damaged, truncated, larger than the options allow, or does not hold labels.
    /// </exception>
    public static int[] ReadLabels(Stream stream, string name = "stream", IdxOptions? options = null) =>
        Labels(ReadStream(stream, name, options, 1, "labels (count)"));

    private static int[] Labels(IdxFile file) => Array.ConvertAll(file.Data, label => (int)label);

    private static IdxFile ReadFile(string path, IdxOptions? options, int? rank, string wanted)
    {
        using FileStream stream = InputFile.Open(path, bufferSize: 65_536);
        return ReadStream(stream, path, options, rank, wanted);
    }

    private static IdxFile ReadStream(Stream stream, string name, IdxOptions? options, int? rank, string wanted)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var source = new CountingStream(stream);
        bool isGzip = source.Peek(2) is [0x1F, 0x8B];
        using var gzip = isGzip ? new GZipStream(source, CompressionMode.Decompress) : null;
        return new Reader(gzip ?? (Stream)source, isGzip ? source : null, name, options ?? new IdxOptions()).Read(rank, wanted);
    }

    /// <param name="stream">Where the bytes come from.</param>
    /// <param name="compressed">The compressed stream; null if there is none.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">Limits of the memory for the elements.</param>
    private sealed class Reader(Stream stream, CountingStream? compressed, string name, IdxOptions options)
    {
        public IdxFile Read(int? rank, string wanted)
        {
            Span<byte> magic = stackalloc byte[4];
            magic = magic[..Fill(magic)];
            if (magic.Length < 4 || magic[0] != 0 || magic[1] != 0)
            {
                throw Damaged(
                    magic.IsEmpty ? "the file is empty."
                    : FileFormat.Detect(magic, stream) is { } format ? $"not an IDX file, but {MessageText.Show(format.Name)}."
                    : $"not an IDX file: it begins with {Convert.ToHexString(magic)} instead of 0000.");
            }

            if (magic[2] != UnsignedByte)
            {
                throw Damaged($"elements of type 0x{magic[2]:X2} instead of unsigned bytes (0x08).");
            }

            int dimensions = magic[3];
            if (dimensions is 0 or > MaximumDimensions)
            {
                throw Damaged($"{MessageText.Count(dimensions, "dimension")}; 1 to {MaximumDimensions} are possible.");
            }

            if (dimensions != rank && rank is not null)
            {
                throw Damaged($"expected {wanted}, found {MessageText.Count(dimensions, "dimension")}.");
            }

            (int[] extents, int length) = ReadExtents(dimensions);
            string shape = MessageText.Shape(extents);
            byte[] data = ReadElements(length, shape);
            return Fill(magic[..1]) == 0
                ? new IdxFile(extents.AsReadOnly(), data)
                : throw Damaged($"the dimensions {shape} make {MessageText.Count(length, "byte")}, but more follow.");
        }

        private (int[] Extents, int Length) ReadExtents(int dimensions)
        {
            Span<byte> header = stackalloc byte[4 * dimensions];
            if (Fill(header) < header.Length)
            {
                throw Damaged("the file is truncated within its header.");
            }

            uint[] extents = new uint[dimensions];
            for (int i = 0; i < dimensions; i++)
            {
                extents[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(4 * i)..]);
            }

            string shape = MessageText.Shape(extents);
            long length = ElementCount.Of<uint>(extents, Array.MaxLength);
            if (length < 0 || extents.Any(e => e > int.MaxValue))
            {
                throw Damaged($"the dimensions {shape} are too large.");
            }

            // A count of 0 is valid. Extents of 0 are not: a file could claim any number of empty items.
            if (extents.AsSpan(1).Contains(0u))
            {
                throw Damaged($"the dimensions {shape} leave nothing of an item.");
            }

            return length <= options.MaxLength
                ? (Array.ConvertAll(extents, e => (int)e), (int)length)
                : throw Damaged(
                    $"the dimensions {shape} make {MessageText.Count(length, "byte")}; "
                    + $"{nameof(IdxOptions)}.{nameof(IdxOptions.MaxLength)} allows {options.MaxLength}.");
        }

        // Grow the buffer with the bytes that arrive: the header's claim may be false.
        private byte[] ReadElements(int length, string shape)
        {
            byte[] data = new byte[int.Min(length, FirstRead)];
            int filled = 0;
            while (true)
            {
                filled += Fill(data.AsSpan(filled));
                if (filled < data.Length)
                {
                    throw Damaged(
                        $"the file is truncated: the dimensions {shape} make {MessageText.Count(length, "byte")}, and {filled} are there.");
                }

                if (compressed is not null && filled - FirstRead > compressed.Count * options.MaxInflation)
                {
                    throw Damaged(
                        $"{MessageText.Count(compressed.Count, "byte")} of gzip become {filled} or more; "
                        + $"{nameof(IdxOptions)}.{nameof(IdxOptions.MaxInflation)} allows {options.MaxInflation} for each.");
                }

                if (filled == length)
                {
                    return data;
                }

                Array.Resize(ref data, (int)long.Min(length, 2L * data.Length));
            }
        }

        /// <summary>Reads until the buffer is full or the stream ends.</summary>
        private int Fill(Span<byte> buffer)
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

        private InvalidDataException Damaged(string problem) => new($"{name}: {problem}");
    }
}
