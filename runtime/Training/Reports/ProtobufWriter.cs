using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Strata.Training;

/// <summary>
/// Writes messages in the wire format of protocol buffers (protobuf.dev, "Encoding"): fields, each with its number and its wire type. The
/// memory is reused for the next message.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>What was written since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>A number of type int32, int64 or of an enumeration.</summary>
    public void Integer(int field, long value)
    {
        WriteTag(field, Varint);
        WriteVarint((ulong)value);
    }

    public void Float(int field, float value)
    {
        WriteTag(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(Take(sizeof(float)), value);
    }

    public void Double(int field, double value)
    {
        WriteTag(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Take(sizeof(double)), value);
    }

    /// <summary>Packed numbers.</summary>
    public void Doubles(int field, ReadOnlySpan<double> values)
    {
        using (Message(field))
        {
            foreach (double value in values)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(Take(sizeof(double)), value);
            }
        }
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        WriteTag(field, LengthDelimited);
        WriteVarint((ulong)value.Length);
        value.CopyTo(Take(value.Length));
    }

    public void Text(int field, string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        WriteTag(field, LengthDelimited);
        WriteVarint((ulong)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>Begins a nested message. Its content is what is written until the returned scope is disposed of.</summary>
    public Scope Message(int field)
    {
        WriteTag(field, LengthDelimited);
        return new Scope(this);
    }

    private void WriteTag(int field, int type) => WriteVarint((ulong)((field << 3) | type));

    /// <summary>A varint: seven bits a byte, the lowest first. All bytes but the last have the highest bit set.</summary>
    private void WriteVarint(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            Take(1)[0] = (byte)(value | 0x80);
        }

        Take(1)[0] = (byte)value;
    }

    private Span<byte> Take(int count)
    {
        int start = _length;
        _length = checked(start + count);
        if (_length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)long.Min(Array.MaxLength, long.Max(_length, 2L * _bytes.Length)));
        }

        return _bytes.AsSpan(start, count);
    }

    /// <summary>A message that is being written.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly ProtobufWriter _writer;
        private readonly int _start;

        public Scope(ProtobufWriter writer) => (_writer, _start) = (writer, writer._length);

        /// <summary>Ends the message: inserts its length, which is now known, before its content.</summary>
        public void Dispose()
        {
            int length = _writer._length - _start, bits = int.Max(1, 32 - BitOperations.LeadingZeroCount((uint)length));
            int size = (bits + 6) / 7;
            _writer.Take(size);
            _writer._bytes.AsSpan(_start, length).CopyTo(_writer._bytes.AsSpan(_start + size));
            _writer._length = _start;
            _writer.WriteVarint((ulong)length);
            _writer._length += length;
        }
    }
}
