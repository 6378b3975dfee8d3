using System.Collections.Generic;
using System.IO;
using System.Linq;

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

    private enum Kind
    {
        Model, Graph, Node, Function, Attribute, Tensor, SparseTensor, Entry, ValueInfo, Type, TensorType, Sequence, Shape, Dimension,
        OperatorSet, Text, Numbers32, Numbers64, Fixed,
    }

    /// <summary>The fields that contain something; see the schema.</summary>
    private static Dictionary<int, Kind> Fields(Kind message) =>
        FieldsOfMessages.TryGetValue(message, out Dictionary<int, Kind>? fields) ? fields : None;

    private static readonly Dictionary<int, Kind> None = [];

    private static readonly Dictionary<Kind, Dictionary<int, Kind>> FieldsOfMessages = new()
    {
        [Kind.Model] = Table((2, Kind.Text), (3, Kind.Text), (4, Kind.Text), (7, Kind.Graph), (8, Kind.OperatorSet), (25, Kind.Function)),
        [Kind.OperatorSet] = Table((1, Kind.Text)),
        [Kind.Graph] = Table((1, Kind.Node), (2, Kind.Text), (5, Kind.Tensor), (11, Kind.ValueInfo), (12, Kind.ValueInfo),
            (13, Kind.ValueInfo), (15, Kind.SparseTensor)),
        [Kind.Node] = Table((1, Kind.Text), (2, Kind.Text), (3, Kind.Text), (4, Kind.Text), (5, Kind.Attribute), (7, Kind.Text),
            (8, Kind.Text)),
        [Kind.Function] = Table((1, Kind.Text), (4, Kind.Text), (5, Kind.Text), (6, Kind.Text), (7, Kind.Node), (9, Kind.OperatorSet),
            (10, Kind.Text), (11, Kind.Attribute), (13, Kind.Text)),
        [Kind.Attribute] = Table((1, Kind.Text), (4, Kind.Text), (5, Kind.Tensor), (6, Kind.Graph), (7, Kind.Fixed), (8, Kind.Numbers64),
            (9, Kind.Text), (10, Kind.Tensor), (11, Kind.Graph), (21, Kind.Text), (22, Kind.SparseTensor)),
        [Kind.Tensor] = Table((1, Kind.Numbers64), (4, Kind.Fixed), (5, Kind.Numbers32), (6, Kind.Text), (7, Kind.Numbers64),
            (8, Kind.Text), (9, Kind.Fixed), (10, Kind.Fixed), (11, Kind.Numbers64), (13, Kind.Entry)),
        [Kind.SparseTensor] = Table((1, Kind.Tensor), (2, Kind.Tensor), (3, Kind.Numbers64)),
        [Kind.Entry] = Table((1, Kind.Text), (2, Kind.Text)),
        [Kind.ValueInfo] = Table((1, Kind.Text), (2, Kind.Type)),
        [Kind.Type] = Table((1, Kind.TensorType), (4, Kind.Sequence), (9, Kind.Sequence)),
        [Kind.TensorType] = Table((2, Kind.Shape)),
        [Kind.Sequence] = Table((1, Kind.Type)),
        [Kind.Shape] = Table((1, Kind.Dimension)),
        [Kind.Dimension] = Table((2, Kind.Text)),
    };

    private static Dictionary<int, Kind> Table(params (int Field, Kind Kind)[] fields) =>
        fields.ToDictionary(one => one.Field, one => one.Kind);

    public void Run() => Message(Kind.Model, length, 0);

    private void Message(Kind message, long end, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new ReadingException($"the file nests deeper than {MaximumDepth} levels (at byte {_position:N0})");
        }

        Spend(MessageCost);
        Dictionary<int, Kind> fields = Fields(message);
        while (_position < end)
        {
            ulong tag = Varint(end);
            int field = (int)(tag >> 3);
            if (tag > uint.MaxValue || field == 0)
            {
                throw Damaged();
            }

            switch (tag & 7)
            {
                case 0:
                    Varint(end);
                    if (fields.ContainsKey(field))
                    {
                        Spend(16);
                    }

                    break;
                case 1:
                    Skip(8, end);
                    break;
                case 2:
                    Content(fields, field, end, depth);
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

    private void Content(Dictionary<int, Kind> fields, int field, long end, int depth)
    {
        ulong size = Varint(end);
        if (size > (ulong)(end - _position))
        {
            throw new ReadingException($"the file is truncated or damaged: of a field of {size:N0} bytes at byte {_position:N0}, "
                + $"{end - _position:N0} are there");
        }

        long next = _position + (long)size;
        if (!fields.TryGetValue(field, out Kind kind))
        {
            Skip((long)size, end);
            return;
        }

        switch (kind)
        {
            case Kind.Text:
                Spend(StringCost + (2 * (long)size));
                Skip((long)size, end);
                break;
            case Kind.Fixed:
                Skip((long)size, end);
                break;
            case Kind.Numbers32 or Kind.Numbers64:
                // As many numbers as there are bytes without the mark of a continuation.
                long count = 0;
                while (_position < next)
                {
                    Varint(next);
                    count++;
                }

                // A growing list holds twice its content, and its old half.
                Spend(count * (kind == Kind.Numbers32 ? 8 : 16));
                break;
            default:
                Message(kind, next, depth + 1);
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
