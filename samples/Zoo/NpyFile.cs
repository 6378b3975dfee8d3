using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Strata;

namespace Zoo;

/// <param name="Shape">The extents; empty for a single number.</param>
/// <param name="Values">The elements, the last axis running fastest.</param>
internal sealed record NpyArray(int[] Shape, float[] Values);

/// <summary>
/// Reads and writes NumPy's array files, as numpy.lib.format describes them: a magic word, a version, the length of a header, the header
/// (a Python dictionary of type, order and shape), the elements. It reads little-endian float32 and float64 in C order, and writes float32.
/// </summary>
internal static partial class NpyFile
{
    private const int Alignment = 64;

    /// <summary>Most bytes of a header; NumPy itself reads 10,000.</summary>
    private const int MaxHeaderLength = 65_536;

    private const int ChunkLength = 65_536;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="InvalidDataException">The file is no such array, or damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NpyArray Read(string path)
    {
        using FileStream file = InputFile.Open(path, ChunkLength);
        byte[] start = Take(file, Magic.Length + 2);
        if (!start.AsSpan().StartsWith(Magic))
        {
            string found = FileFormat.Detect(start, file) is { } format ? $", but {MessageText.Show(format.Name)}" : "";
            throw new InvalidDataException($"{path}: not an .npy file{found}");
        }

        // The header's length is a 16-bit number in version 1, and a 32-bit number in versions 2 and 3.
        int version = start.Length > Magic.Length ? start[Magic.Length] : 0, width = version == 1 ? sizeof(ushort) : sizeof(uint);
        if (version is not (1 or 2 or 3))
        {
            throw new InvalidDataException($"{path}: .npy version {version}; 1 to 3 are known");
        }

        byte[] prefix = Take(file, width);
        uint length = prefix.Length < width ? 0
            : version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix) : BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length > MaxHeaderLength)
        {
            throw new InvalidDataException($"{path}: a header of {length} bytes; at most {MaxHeaderLength} are read");
        }

        byte[] header = Take(file, (int)length);
        if (start.Length < Magic.Length + 2 || prefix.Length < width || header.Length < length)
        {
            throw new InvalidDataException($"{path}: the file ends in its header");
        }

        (string type, int[] shape) = ReadHeader(Encoding.UTF8.GetString(header), path);
        return new NpyArray(shape, ReadValues(file, type == "<f4" ? sizeof(float) : sizeof(double), shape, path));
    }

    // The array grows with what is there, not with what the header claims. A pipe does not tell its length.
    private static float[] ReadValues(Stream file, int size, int[] shape, string path)
    {
        string text = MessageText.Show(MessageText.Shape(shape));
        long count = ElementCount.Of<int>(shape, Array.MaxLength);
        if (count < 0)
        {
            throw new InvalidDataException($"{path}: shape {text} has too many elements");
        }

        byte[] chunk = new byte[ChunkLength];
        float[] values = new float[Math.Min(count, ChunkLength / size)];
        for (int filled = 0; filled < count;)
        {
            if (filled == values.Length)
            {
                Array.Resize(ref values, (int)Math.Min(count, 2L * filled));
            }

            int wanted = Math.Min(ChunkLength / size, values.Length - filled) * size;
            int taken = file.ReadAtLeast(chunk.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            if (taken < wanted)
            {
                throw Mismatch($"{((long)filled * size) + taken} follow");
            }

            for (int i = 0; i < taken; i += size)
            {
                values[filled++] = size == sizeof(float)
                    ? BinaryPrimitives.ReadSingleLittleEndian(chunk.AsSpan(i))
                    : (float)BinaryPrimitives.ReadDoubleLittleEndian(chunk.AsSpan(i));
            }
        }

        return file.ReadByte() < 0 ? values : throw Mismatch("more follow");

        InvalidDataException Mismatch(string found) =>
            new($"{path}: shape {text} of {size}-byte numbers needs {count * size} bytes, but {found}");
    }

    /// <summary>The next bytes; fewer at the end of the file.</summary>
    private static byte[] Take(Stream file, int length)
    {
        byte[] bytes = new byte[length];
        return bytes[..file.ReadAtLeast(bytes, length, throwOnEndOfStream: false)];
    }

    /// <summary>Writes an array. The file appears complete or not at all: it is written beside its place and renamed.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<int> shape, float[] values)
    {
        string extents = string.Join(", ", shape.ToArray().Select(extent => extent.ToString(CultureInfo.InvariantCulture)));
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({extents}{(shape.Length == 1 ? "," : "")}), }}";
        int before = Magic.Length + 2 + sizeof(ushort);
        int padding = Alignment - ((before + header.Length + 1) % Alignment);
        byte[] text = Encoding.ASCII.GetBytes(header + new string(' ', padding % Alignment) + "\n");
        byte[] length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);

        AtomicFile.Write(path, stream =>
        {
            stream.Write(Magic);
            stream.Write([1, 0]);
            stream.Write(length);
            stream.Write(text);
            if (BitConverter.IsLittleEndian)
            {
                stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            }
            else
            {
                byte[] bytes = new byte[sizeof(float)];
                foreach (float value in values)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                    stream.Write(bytes);
                }
            }
        });
    }

    private static (string Type, int[] Shape) ReadHeader(string header, string path)
    {
        Match match = Header().Match(header);
        if (!match.Success)
        {
            throw new InvalidDataException($"{path}: a header that is not of a plain array: {MessageText.Show(header.Trim())}");
        }

        string type = match.Groups["type"].Value;
        if (type is not ("<f4" or "<f8"))
        {
            throw new InvalidDataException(
                $"{path}: elements of type '{MessageText.Show(type)}'; float32 ('<f4') and float64 ('<f8') can be read");
        }

        if (match.Groups["order"].Value != "False")
        {
            throw new InvalidDataException($"{path}: the array is in Fortran order; save numpy.ascontiguousarray of it");
        }

        string[] extents = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (type,
            Array.ConvertAll(extents, extent => int.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new InvalidDataException($"{path}: an extent of '{MessageText.Show(extent)}'")));
    }

    // NumPy writes the keys in this order.
    [GeneratedRegex(
        @"^\{\s*'descr':\s*'(?<type>[^']*)',\s*'fortran_order':\s*(?<order>True|False),\s*'shape':\s*\((?<shape>[\d,\s]*)\),?\s*\}\s*$")]
    private static partial Regex Header();
}
