using System.IO;
using Google.Protobuf.Reflection;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>
/// Walks through the file's bytes before it is parsed. It finds where a damaged file breaks off, and it refuses files that are made so that
/// few bytes become many objects, or that nest too deeply.
/// </summary>
internal sealed class WireCheck(Stream stream, long length)
{
    /// <summary>Below the limit of the parser, 100.</summary>
    private const int MaximumDepth = 90;

    /// <summary>What any file may cost, and what each of its bytes may cost besides.</summary>
    private const long FreeBytes = 40_000_000, BytesPerByte = 5;

    /// <summary>What an object costs in memory, roughly.</summary>
    private const long MessageCost = 200, StringCost = 48;

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _filled;
    private int _next;
    private long _position;
    private long _cost;

    public void Run() => Message(ModelProto.Descriptor, length, 0);

    private void Message(MessageDescriptor message, long end, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new ReadingException($"the file nests deeper than {MaximumDepth} levels (at byte {_position:N0})");
        }

        Spend(MessageCost);
        while (_position < end)
        {
            ulong tag = Varint(end);
            int number = (int)(tag >> 3);
            if (tag > uint.MaxValue || number == 0)
            {
                throw Damaged();
            }

            // Null for one that the schema leaves out.
            FieldDescriptor? field = message.FindFieldByNumber(number);

            switch (tag & 7)
            {
                case 0:
                    Varint(end);
                    if (field is { IsRepeated: true })
                    {
                        Spend(16);
                    }

                    break;
                case 1:
                    Skip(8, end);
                    break;
                case 2:
                    Content(field, end, depth);
                    break;
                case 5:
                    Skip(4, end);
                    break;
                default:
                    // Groups: no schema of ONNX ever had them.
                    throw Damaged();
            }
        }
    }

    private void Content(FieldDescriptor? field, long end, int depth)
    {
        ulong size = Varint(end);
        if (size > (ulong)(end - _position))
        {
            throw new ReadingException($"the file is truncated or damaged: of a field of {size:N0} bytes at byte {_position:N0}, "
                + $"{end - _position:N0} are there");
        }

        long next = _position + (long)size;
        switch (field?.FieldType)
        {
            case null or FieldType.Float or FieldType.Double:
                Skip((long)size, end);
                break;
            case FieldType.String or FieldType.Bytes:
                Spend(StringCost + ((field.FieldType == FieldType.String ? 2 : 1) * (long)size));
                Skip((long)size, end);
                break;
            case FieldType.Message:
                Message(field.MessageType, next, depth + 1);
                break;
            default:
                // As many numbers as there are bytes without the mark of a continuation.
                long count = 0;
                while (_position < next)
                {
                    Varint(next);
                    count++;
                }

                // A growing list holds twice its content, and its old half.
                Spend(count * (field.FieldType == FieldType.Int32 ? 8 : 16));
                break;
        }
    }

    private void Spend(long cost)
    {
        _cost += cost;
        if (_cost > FreeBytes + (BytesPerByte * length))
        {
            throw new ReadingException($"the file has {length:N0} bytes and too many small parts for its size");
        }
    }

    private ulong Varint(long end)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_position >= end)
            {
                throw new ReadingException($"the file is truncated or damaged (at byte {_position:N0})");
            }

            byte one = Byte();
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }

        throw Damaged();
    }

    private byte Byte()
    {
        if (_next == _filled)
        {
            _filled = stream.Read(_buffer);
            _next = 0;
            if (_filled == 0)
            {
                throw new ReadingException($"the file is truncated (at byte {_position:N0})");
            }
        }

        _position++;
        return _buffer[_next++];
    }

    private void Skip(long count, long end)
    {
        if (count > end - _position)
        {
            throw new ReadingException($"the file is truncated or damaged (at byte {_position:N0})");
        }

        _position += count;
        int buffered = (int)long.Min(count, _filled - _next);
        _next += buffered;
        if (count > buffered)
        {
            stream.Seek(count - buffered, SeekOrigin.Current);
        }
    }

    private ReadingException Damaged() => new($"the file is damaged or no ONNX model (at byte {_position:N0})");
}
