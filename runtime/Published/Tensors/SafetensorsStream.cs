using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace Strata.Weights;

/// <summary>
/// Tensors of a file as the bytes of a safetensors file, so that <c>CompiledNetwork.Load</c> does all the rest: keys, shapes, options and
/// messages are those of safetensors. Nothing is converted, and contiguous tensors are read where they are.
/// </summary>
internal sealed class SafetensorsStream : ForwardStream
{
    private const int Alignment = 8;

    // A short file cannot make a reader work long. Tied weights have the same storage under several names.
    private const int MostUses = 16, AlwaysAllowed = 1_000_000;

    private readonly SourceFile _file;
    private readonly IReadOnlyList<NamedTensor> _tensors;

    // What is read now: the header or a gathered tensor in memory, or a tensor in the file.
    private byte[]? _memory;
    private int _tensor = -1;
    private long _length;
    private long _position;

    /// <param name="file">The file.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="most">The most bytes of the header.</param>
    public SafetensorsStream(SourceFile file, IReadOnlyList<NamedTensor> tensors, int most)
    {
        (_file, _tensors) = (file, tensors);
        Int128 cost = 0;
        foreach (NamedTensor tensor in tensors)
        {
            cost += tensor.Cost;
        }

        if (cost > ((Int128)MostUses * file.Length) + AlwaysAllowed)
        {
            throw new DamagedFileException($"its tensors would take {cost.ToString(CultureInfo.InvariantCulture)} bytes, more than "
                + $"{MostUses} times the file's {file.Length}.");
        }

        _memory = Header(tensors, most);
        _length = _memory.Length;
    }

    public override int Read(Span<byte> buffer)
    {
        while (_position == _length)
        {
            if (_tensor + 1 >= _tensors.Count || buffer.IsEmpty)
            {
                return 0;
            }

            NamedTensor next = _tensors[++_tensor];
            _memory = next.Place is null ? next.Gather(_file) : null;
            (_position, _length) = (0, next.Length);
        }

        Span<byte> read = buffer[..(int)long.Min(buffer.Length, _length - _position)];
        if (_memory is { } memory)
        {
            memory.AsSpan((int)_position, read.Length).CopyTo(read);
        }
        else
        {
            _file.Read(_tensors[_tensor].Place!.Value + _position, read);
        }

        _position += read.Length;
        return read.Length;
    }

    private static byte[] Header(IReadOnlyList<NamedTensor> tensors, int most)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(new byte[sizeof(long)]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach (NamedTensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.Safetensors);
                Write(json, "shape", tensor.Shape);
                Write(json, "data_offsets", [offset, offset + tensor.Length]);
                offset += tensor.Length;
                json.WriteEndObject();
                if (json.BytesCommitted + json.BytesPending > most)
                {
                    throw new DamagedFileException($"the names and shapes of its tensors take more than {MessageText.Count(most, "byte")}, "
                        + $"which {nameof(WeightsLoadOptions)}.{nameof(WeightsLoadOptions.MaxHeaderLength)} allows.");
                }
            }

            json.WriteEndObject();
        }

        // Spaces after the header keep the tensors aligned.
        while (buffer.WrittenCount % Alignment != 0)
        {
            buffer.Write(" "u8);
        }

        byte[] header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(long));
        return header;
    }

    private static void Write(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
