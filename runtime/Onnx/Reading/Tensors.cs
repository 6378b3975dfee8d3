using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Reading;

/// <summary>Reads tensors in all encodings. Values are decoded when they are first read.</summary>
internal sealed class Tensors(ExternalData external, Budget budget)
{
    /// <summary>Functions are read wherever they are called, but their constants once.</summary>
    private readonly Dictionary<TensorProto, OnnxConstant> _read = new(ReferenceEqualityComparer.Instance);

    /// <summary>The kind of elements, or null for text and complex numbers.</summary>
    public static ElementType? TypeOf(int dataType) => (DataType)dataType switch
    {
        DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double => ElementType.Float,
        DataType.Bool => ElementType.Boolean,
        DataType.Uint8 or DataType.Int8 or DataType.Uint16 or DataType.Int16 or DataType.Int32 or DataType.Int64 or DataType.Uint32
            or DataType.Uint64 => ElementType.Integer,
        _ => null,
    };

    /// <summary>The range of integers of 8 or 16 bits; null for other types.</summary>
    public static (int Least, int Most)? RangeOf(int dataType) => (DataType)dataType switch
    {
        DataType.Uint8 => (byte.MinValue, byte.MaxValue),
        DataType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        DataType.Uint16 => (ushort.MinValue, ushort.MaxValue),
        DataType.Int16 => (short.MinValue, short.MaxValue),
        _ => null,
    };

    /// <summary>A constant, or a value without a shape if its elements are no numbers.</summary>
    public OnnxValue Read(TensorProto tensor, string name)
    {
        int[] shape = Shapes.Checked(tensor.Dims);
        if (TypeOf(tensor.DataType) is not ElementType type)
        {
            return new OnnxValue(name, []) { IsUnknown = true };
        }

        if (!_read.TryGetValue(tensor, out OnnxConstant? constant))
        {
            CheckLength(tensor, Shapes.Count(shape));
            constant = _read[tensor] = type == ElementType.Float
                ? new OnnxConstant(shape, new Lazy<float[]>(() => Floats(tensor)), name)
                : new OnnxConstant(shape, new Lazy<long[]>(() => Integers(tensor)), name) { Range = RangeOf(tensor.DataType) };
        }

        return new OnnxValue(name, shape) { Constant = constant, Type = type };
    }

    /// <summary>A sparse tensor with all its zeros.</summary>
    public OnnxValue Read(SparseTensorProto sparse, string name)
    {
        int[] shape = Shapes.Checked(sparse.Dims);
        int count = Shapes.Count(shape);
        if (sparse.Values is null || sparse.Indices is null)
        {
            throw new ReadingException("a sparse tensor has no values or no indices");
        }

        OnnxValue values = Read(sparse.Values, name), indices = Read(sparse.Indices, name);
        if (!budget.Spend(sizeof(long) * (long)count) || values.Constant is not { } present
            || indices.Constant is not { IsFloat: false } places)
        {
            return new OnnxValue(name, []) { IsUnknown = true };
        }

        int[] positions = Positions(places, values.Shape.Sum(), shape, count);
        OnnxConstant constant = present.IsFloat
            ? new OnnxConstant(shape, new Lazy<float[]>(() => Spread(present.Floats, positions, count)), name)
            : new OnnxConstant(shape, new Lazy<long[]>(() => Spread(present.Integers, positions, count)), name);
        return new OnnxValue(name, shape) { Constant = constant, Type = values.Type };
    }

    private static int[] Positions(OnnxConstant places, int values, int[] shape, int count)
    {
        bool linear = places.Shape.Count == 1;
        if (places.Shape.Count is not (1 or 2) || places.Shape[0] != values || (!linear && places.Shape[1] != shape.Length))
        {
            throw new ReadingException($"a sparse tensor of {values} values has indices of the shape {Shapes.Text(places.Shape)}");
        }

        int[] strides = linear ? [1] : Shapes.Strides(shape);
        int[] positions = new int[values];
        for (int value = 0; value < values; value++)
        {
            long position = 0;
            for (int axis = 0; axis < strides.Length; axis++)
            {
                long index = places.Integers[(value * strides.Length) + axis];
                if (index < 0 || index >= (linear ? count : shape[axis]))
                {
                    throw new ReadingException($"a sparse tensor of the shape {Shapes.Text(shape)} has an index {index}");
                }

                position += index * strides[axis];
            }

            positions[value] = (int)position;
        }

        return positions;
    }

    private static T[] Spread<T>(T[] values, int[] positions, int count)
    {
        T[] all = new T[count];
        for (int value = 0; value < positions.Length; value++)
        {
            all[positions[value]] = values[value];
        }

        return all;
    }

    private static int Width(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Bool or DataType.Uint8 or DataType.Int8 => 1,
        DataType.Float16 or DataType.Bfloat16 or DataType.Uint16 or DataType.Int16 => 2,
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        _ => 8,
    };

    /// <summary>How many elements stand in the field that belongs to the type.</summary>
    private static int Listed(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Float => tensor.FloatData.Count,
        DataType.Double => tensor.DoubleData.Count,
        DataType.Int64 => tensor.Int64Data.Count,
        DataType.Uint32 or DataType.Uint64 => tensor.Uint64Data.Count,
        _ => tensor.Int32Data.Count,
    };

    private void CheckLength(TensorProto tensor, int count)
    {
        long bytes = (long)count * Width(tensor);
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
        {
            external.Check(tensor, bytes);
        }
        else if (tensor.RawData.Length > 0 || Listed(tensor) == 0)
        {
            if (tensor.RawData.Length != bytes)
            {
                throw new ReadingException(
                    $"a tensor of the shape {Shapes.Text(tensor.Dims)} needs {bytes:N0} bytes and has {tensor.RawData.Length:N0}");
            }
        }
        else if (Listed(tensor) != count)
        {
            throw new ReadingException($"a tensor of the shape {Shapes.Text(tensor.Dims)} has {Listed(tensor):N0} elements");
        }
    }

    private float[] Floats(TensorProto tensor)
    {
        if (Bytes(tensor, out byte[] buffer) is var bytes && (bytes.Length > 0 || buffer.Length > 0))
        {
            return FromBytes(bytes, (DataType)tensor.DataType);
        }

        return (DataType)tensor.DataType switch
        {
            DataType.Float => [.. tensor.FloatData],
            DataType.Double => Converted(tensor.DoubleData, value => (float)value),
            DataType.Float16 => Converted(tensor.Int32Data, value => (float)BitConverter.UInt16BitsToHalf((ushort)value)),
            _ => Converted(tensor.Int32Data, value => FromBfloat16((ushort)value)),
        };
    }

    private long[] Integers(TensorProto tensor)
    {
        if (Bytes(tensor, out byte[] buffer) is var bytes && (bytes.Length > 0 || buffer.Length > 0))
        {
            return IntegersFromBytes(bytes, (DataType)tensor.DataType);
        }

        return (DataType)tensor.DataType switch
        {
            DataType.Int64 => [.. tensor.Int64Data],
            DataType.Uint32 or DataType.Uint64 => Converted(tensor.Uint64Data, value => unchecked((long)value)),
            DataType.Bool => Converted(tensor.Int32Data, value => value == 0 ? 0L : 1),
            _ => Converted(tensor.Int32Data, value => (long)value),
        };
    }

    /// <summary>The raw bytes, little-endian; none if the values are listed.</summary>
    private ReadOnlySpan<byte> Bytes(TensorProto tensor, out byte[] buffer)
    {
        buffer = [];
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
        {
            return tensor.RawData.Span;
        }

        buffer = external.Read(tensor, (long)Shapes.Count(Shapes.Checked(tensor.Dims)) * Width(tensor));
        return buffer;
    }

    private static float[] FromBytes(ReadOnlySpan<byte> bytes, DataType type)
    {
        switch (type)
        {
            case DataType.Float:
                if (BitConverter.IsLittleEndian)
                {
                    return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
                }

                return Decoded(bytes, 4, BinaryPrimitives.ReadSingleLittleEndian);
            case DataType.Double:
                return Decoded(bytes, 8, part => (float)BinaryPrimitives.ReadDoubleLittleEndian(part));
            case DataType.Float16:
                return Decoded(bytes, 2, part => (float)BinaryPrimitives.ReadHalfLittleEndian(part));
            default:
                return Decoded(bytes, 2, part => FromBfloat16(BinaryPrimitives.ReadUInt16LittleEndian(part)));
        }
    }

    private static float FromBfloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static long[] IntegersFromBytes(ReadOnlySpan<byte> bytes, DataType type) => type switch
    {
        DataType.Bool => Decoded(bytes, 1, part => part[0] == 0 ? 0L : 1),
        DataType.Uint8 => Decoded(bytes, 1, part => (long)part[0]),
        DataType.Int8 => Decoded(bytes, 1, part => (long)(sbyte)part[0]),
        DataType.Uint16 => Decoded(bytes, 2, part => (long)BinaryPrimitives.ReadUInt16LittleEndian(part)),
        DataType.Int16 => Decoded(bytes, 2, part => (long)BinaryPrimitives.ReadInt16LittleEndian(part)),
        DataType.Int32 => Decoded(bytes, 4, part => (long)BinaryPrimitives.ReadInt32LittleEndian(part)),
        DataType.Uint32 => Decoded(bytes, 4, part => (long)BinaryPrimitives.ReadUInt32LittleEndian(part)),
        _ => Decoded(bytes, 8, BinaryPrimitives.ReadInt64LittleEndian),
    };

    private delegate T Decoder<T>(ReadOnlySpan<byte> part);

    private static T[] Decoded<T>(ReadOnlySpan<byte> bytes, int width, Decoder<T> decoder)
    {
        T[] values = new T[bytes.Length / width];
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = decoder(bytes.Slice(index * width, width));
        }

        return values;
    }

    private static TResult[] Converted<T, TResult>(RepeatedField<T> list, Func<T, TResult> convert)
    {
        TResult[] values = new TResult[list.Count];
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = convert(list[index]);
        }

        return values;
    }
}
