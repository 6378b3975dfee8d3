using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Zoo;

/// <param name="Shape">The extents; empty for a single number.</param>
/// <param name="Values">The elements, the last axis running fastest.</param>
internal sealed record NpyArray(int[] Shape, float[] Values);

/// <summary>
/// NumPy's array files, as numpy.lib.format describes them: a magic word, a version, the length of a header, the header (a Python
/// dictionary of type, order and shape), the elements. Read are little-endian float32 and float64 in C order; written is float32.
/// </summary>
internal static partial class NpyFile
{
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="InvalidDataException">The file is no such array, or damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NpyArray Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (!file.AsSpan().StartsWith(Magic) || file.Length < 10)
        {
            throw new InvalidDataException($"{path}: not an .npy file");
        }

        // Version 1 has a header of 16 bits' length, 2 and 3 of 32 bits'.
        int version = file[6], start = version == 1 ? 10 : 12;
        if (version is not (1 or 2 or 3))
        {
            throw new InvalidDataException($"{path}: .npy version {version}; 1 to 3 are known");
        }

        if (file.Length < start)
        {
            throw new InvalidDataException($"{path}: the file ends in its header");
        }

        uint length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8))
            : BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(8));
        if (length > file.Length - start)
        {
            throw new InvalidDataException($"{path}: the file ends in its header");
        }

        (string type, int[] shape) = ReadHeader(Encoding.UTF8.GetString(file, start, (int)length), path);
        ReadOnlySpan<byte> data = file.AsSpan(start + (int)length);
        int size = type == "<f4" ? sizeof(float) : sizeof(double);
        decimal count = shape.Aggregate(1m, (product, extent) => Math.Min(product * extent, long.MaxValue));
        if (count > Array.MaxLength)
        {
            throw new InvalidDataException($"{path}: shape ({string.Join(", ", shape)}) has too many elements");
        }

        if (count * size != data.Length)
        {
            throw new InvalidDataException(
                $"{path}: shape ({string.Join(", ", shape)}) of {size}-byte numbers needs {count * size} bytes, but {data.Length} follow");
        }

        float[] values = new float[(int)count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = size == sizeof(float)
                ? BinaryPrimitives.ReadSingleLittleEndian(data[(i * size)..])
                : (float)BinaryPrimitives.ReadDoubleLittleEndian(data[(i * size)..]);
        }

        return new NpyArray(shape, values);
    }

    /// <summary>Writes an array. The file appears complete or not at all: it is written beside its place and renamed.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<int> shape, ReadOnlySpan<float> values)
    {
        string extents = string.Join(", ", shape.ToArray().Select(extent => extent.ToString(CultureInfo.InvariantCulture)));
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({extents}{(shape.Length == 1 ? "," : "")}), }}";
        int before = Magic.Length + 2 + sizeof(ushort);
        int padding = Alignment - ((before + header.Length + 1) % Alignment);
        byte[] text = Encoding.ASCII.GetBytes(header + new string(' ', padding % Alignment) + "\n");
        byte[] length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);

        string target = Path.GetFullPath(path);
        string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(Magic);
                stream.Write([1, 0]);
                stream.Write(length);
                stream.Write(text);
                if (BitConverter.IsLittleEndian)
                {
                    stream.Write(MemoryMarshal.AsBytes(values));
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

                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static (string Type, int[] Shape) ReadHeader(string header, string path)
    {
        Match match = Header().Match(header);
        if (!match.Success)
        {
            throw new InvalidDataException($"{path}: a header that is not of a plain array: {header.Trim()}");
        }

        string type = match.Groups["type"].Value;
        if (type is not ("<f4" or "<f8"))
        {
            throw new InvalidDataException($"{path}: elements of type '{type}'; float32 ('<f4') and float64 ('<f8') can be read");
        }

        if (match.Groups["order"].Value != "False")
        {
            throw new InvalidDataException($"{path}: the array is in Fortran order; save numpy.ascontiguousarray of it");
        }

        string[] extents = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (type, Array.ConvertAll(extents, extent => int.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new InvalidDataException($"{path}: an extent of '{extent}'")));
    }

    // NumPy writes the keys in this order.
    [GeneratedRegex(@"^\{\s*'descr':\s*'(?<type>[^']*)',\s*'fortran_order':\s*(?<order>True|False),\s*'shape':\s*\((?<shape>[\d,\s]*)\),?\s*\}\s*$")]
    private static partial Regex Header();
}
