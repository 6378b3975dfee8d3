using System;
using System.Buffers;
using System.Buffers.Binary;
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

    public static void Save(CompiledNetwork network, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        network.ThrowIfDisposed();
        string target = Path.GetFullPath(path);

        // In the same directory, since a rename is atomic only within a file system.
        string temporary = Path.Combine(Path.GetDirectoryName(target) ?? "", $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                Save(network, stream);
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

    public static void Save(CompiledNetwork network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        network.ThrowIfDisposed();
        byte[] header = Header(network);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);

        float[] chunk = new float[ChunkFloats];
        foreach (Parameter parameter in network.Parameters)
        {
            for (int start = 0; start < parameter.Length; start += ChunkFloats)
            {
                Span<float> values = chunk.AsSpan(0, int.Min(ChunkFloats, parameter.Length - start));
                parameter.Gather(network.Memory, start, values);
                if (!BitConverter.IsLittleEndian)
                {
                    Span<int> bits = MemoryMarshal.Cast<float, int>(values);
                    BinaryPrimitives.ReverseEndianness(bits, bits);
                }

                stream.Write(MemoryMarshal.AsBytes(values));
            }
        }
    }

    private static byte[] Header(CompiledNetwork network)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach (Parameter parameter in network.Parameters)
            {
                json.WriteStartObject(parameter.Key);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int extent in parameter.Shape)
                {
                    json.WriteNumberValue(extent);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += sizeof(float) * (long)parameter.Length;
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces behind the header keep the tensors aligned in the file.
        int padding = (HeaderAlignment - (buffer.WrittenCount % HeaderAlignment)) % HeaderAlignment;
        buffer.Write(Encoding.ASCII.GetBytes(new string(' ', padding)));
        return buffer.WrittenSpan.ToArray();
    }
}
