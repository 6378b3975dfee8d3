using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace Strata.Benchmarks.Onnx;

/// <summary>
/// The part of protobuf's wire format that a model file needs. Weights are not copied before they are written to the file: there are hundreds
/// of megabytes of them.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int VarintType = 0, LengthDelimitedType = 2, Fixed32Type = 5;

    private readonly ArrayBufferWriter<byte> _own = new();

    /// <summary>What stands between pieces of <see cref="_own"/>: where, and the bytes of an array.</summary>
    private readonly List<(int At, Array Values)> _arrays = [];

    private long Length => _own.WrittenCount + _arrays.Sum(array => (long)Buffer.ByteLength(array.Values));

    public void CopyTo(Stream stream)
    {
        ReadOnlySpan<byte> own = _own.WrittenSpan;
        int written = 0;
        foreach ((int at, Array values) in _arrays)
        {
            stream.Write(own[written..at]);
            written = at;
            stream.Write(MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(values), Buffer.ByteLength(values)));
        }

        stream.Write(own[written..]);
    }

    public void Integer(int field, long value)
    {
        Tag(field, VarintType);
        Varint((ulong)value);
    }

    public void Float(int field, float value)
    {
        Tag(field, Fixed32Type);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _own.Write(bytes);
    }

    public void Text(int field, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        Tag(field, LengthDelimitedType);
        Varint((ulong)bytes.Length);
        _own.Write(bytes);
    }

    public void Message(int field, Action<ProtobufWriter> write)
    {
        var message = new ProtobufWriter();
        write(message);
        Tag(field, LengthDelimitedType);
        Varint((ulong)message.Length);
        int start = _own.WrittenCount;
        _own.Write(message._own.WrittenSpan);
        _arrays.AddRange(message._arrays.Select(array => (start + array.At, array.Values)));
    }

    /// <summary>A tensor's raw_data: little-endian numbers, of floats or of 64-bit integers. They must not change before the file is written.</summary>
    public void Numbers(int field, Array values)
    {
        Tag(field, LengthDelimitedType);
        Varint((ulong)Buffer.ByteLength(values));
        _arrays.Add((_own.WrittenCount, values));
    }

    private void Tag(int field, int type) => Varint((ulong)((field << 3) | type));

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _own.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        _own.Write([(byte)value]);
    }
}
