using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata;

/// <summary>Reads the safetensors format.</summary>
internal static class SafetensorsReader
{
    private const int ChunkFloats = 16_384;

    /// <summary>Reads all tensors behind a header; those without a target are skipped.</summary>
    public static void Read(Stream stream, string file, SafetensorsHeader header, IReadOnlyList<ISafetensorsTensor?> targets)
    {
        byte[] bytes = new byte[ChunkFloats * sizeof(float)];
        float[] floats = new float[ChunkFloats];
        for (int i = 0; i < header.Entries.Count; i++)
        {
            SafetensorsEntry entry = header.Entries[i];
            if (targets[i] is { } target)
            {
                for (int start = 0; start < target.Length; start += ChunkFloats)
                {
                    Span<float> values = floats.AsSpan(0, int.Min(ChunkFloats, target.Length - start));
                    Span<byte> chunk = bytes.AsSpan(0, values.Length * entry.ElementSize);
                    Fill(stream, chunk, file, entry);
                    Convert(chunk, entry.Type, values);
                    target.Scatter(values, start);
                }
            }
            else
            {
                for (long rest = entry.End - entry.Begin; rest > 0; rest -= bytes.Length)
                {
                    Fill(stream, bytes.AsSpan(0, (int)long.Min(bytes.Length, rest)), file, entry);
                }
            }
        }

        if (stream.ReadByte() >= 0)
        {
            long claimed = header.Entries.Count == 0 ? 0 : header.Entries[^1].End;
            throw new WeightsFormatException(file, null, SafetensorsHeader.LengthProblem(claimed, claimed + 1));
        }
    }

    /// <summary>Whether a file's tensor has the shape that is wanted and a type that is converted.</summary>
    public static bool Fits(SafetensorsEntry entry, IReadOnlyList<int> shape) =>
        entry.Shape.SequenceEqual(shape.Select(e => (long)e)) && entry.Type is "F32" or "F16" or "BF16";

    /// <summary>A tensor that does not fit.</summary>
    public static WeightsFormatException Misfit(string file, SafetensorsEntry entry, IReadOnlyList<int> shape) => new(
        file, entry.Name, $"expected F32, F16 or BF16 {MessageText.Shape(shape)}, found {entry}.");

    private static void Fill(Stream stream, Span<byte> chunk, string file, SafetensorsEntry entry)
    {
        if (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) < chunk.Length)
        {
            throw new WeightsFormatException(file, entry.Name, "the file is truncated within this tensor.");
        }
    }

    private static void Convert(ReadOnlySpan<byte> source, string type, Span<float> destination)
    {
        switch (type)
        {
            case "F32":
                for (int i = 0; i < destination.Length; i++)
                {
                    destination[i] = BinaryPrimitives.ReadSingleLittleEndian(source[(4 * i)..]);
                }

                break;
            case "F16":
                for (int i = 0; i < destination.Length; i++)
                {
                    destination[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(source[(2 * i)..]);
                }

                break;
            default:
                // BF16 is the upper half of a float.
                for (int i = 0; i < destination.Length; i++)
                {
                    destination[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(source[(2 * i)..]) << 16);
                }

                break;
        }
    }
}
