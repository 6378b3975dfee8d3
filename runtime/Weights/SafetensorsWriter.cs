using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Strata;

/// <summary>
/// Writes weights in the safetensors format: the header's length as 8 bytes, the header as JSON (name, type, shape and offsets of
/// each tensor), the tensors' bytes. All little-endian.
/// </summary>
internal static class SafetensorsWriter
{
    private const int ChunkFloats = 16_384;
    private const int HeaderAlignment = 8;

    /// <summary>Writes a file, which appears complete or not at all.</summary>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <param name="tensors">What it holds.</param>
    /// <param name="metadata">Free text, or null.</param>
    public static void Write(
        string path, IReadOnlyList<ISafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes at a stream's position.</summary>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="tensors">What it receives.</param>
    /// <param name="metadata">Free text, or null.</param>
    public static void Write(
        Stream stream, IReadOnlyList<ISafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);

        float[] chunk = new float[ChunkFloats];
        foreach (ISafetensorsTensor tensor in tensors)
        {
            for (int start = 0; start < tensor.Length; start += ChunkFloats)
            {
                Span<float> values = chunk.AsSpan(0, int.Min(ChunkFloats, tensor.Length - start));
                tensor.Gather(start, values);
                if (tensor.IsInt8)
                {
                    stream.Write(Integers(tensor, values));
                    continue;
                }

                if (!BitConverter.IsLittleEndian)
                {
                    Span<int> bits = MemoryMarshal.Cast<float, int>(values);
                    BinaryPrimitives.ReverseEndianness(bits, bits);
                }

                stream.Write(MemoryMarshal.AsBytes(values));
            }
        }
    }

    /// <summary>Whole numbers as bytes with a sign, in the memory of the numbers.</summary>
    private static ReadOnlySpan<byte> Integers(ISafetensorsTensor tensor, Span<float> values)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(values)[..values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            bytes[i] = value is >= sbyte.MinValue and <= sbyte.MaxValue && MathF.Truncate(value) == value ? (byte)(sbyte)value
                : throw new InvalidOperationException($"'{tensor.Name}' has {value}, where integers from −128 to 127 are expected.");
        }

        return bytes;
    }

    private static byte[] Header(IReadOnlyList<ISafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (ISafetensorsTensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.IsInt8 ? "I8" : "F32");
                json.WriteStartArray("shape");
                foreach (int extent in tensor.Shape)
                {
                    json.WriteNumberValue(extent);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += (tensor.IsInt8 ? sizeof(sbyte) : sizeof(float)) * (long)tensor.Length;
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces after the header keep the tensors aligned in the file.
        int padding = (HeaderAlignment - (buffer.WrittenCount % HeaderAlignment)) % HeaderAlignment;
        buffer.Write(Encoding.ASCII.GetBytes(new string(' ', padding)));
        return buffer.WrittenSpan.ToArray();
    }
}
