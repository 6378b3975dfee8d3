using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Strata.CompilerServices;

/// <summary>
/// Values one after the other, which are either written or read. A method takes the value to write, and returns the value that was written
/// or read. So one description of a record does both: <c>x =&gt; new Point(stream.Integer(x?.X), stream.Integer(x?.Y))</c>.
/// </summary>
/// <remarks>
/// A JSON serializer would need no descriptions, but the JIT compiles a thousand methods for it when a process starts: half a second.
/// </remarks>
internal sealed class ValueStream
{
    private readonly BinaryReader? _reader;
    private readonly BinaryWriter? _writer;

    private ValueStream(BinaryReader? reader, BinaryWriter? writer) => (_reader, _writer) = (reader, writer);

    /// <summary>Writes values to a stream, which stays open.</summary>
    public static ValueStream To(Stream stream) => new(null, new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true));

    /// <summary>Reads values from a stream that can tell its length.</summary>
    public static ValueStream From(Stream stream) => new(new BinaryReader(stream, Encoding.UTF8, leaveOpen: true), null);

    public int Integer(int? value)
    {
        if (_reader is not null)
        {
            return _reader.Read7BitEncodedInt();
        }

        _writer!.Write7BitEncodedInt(value!.Value);
        return value.Value;
    }

    public long Long(long? value)
    {
        if (_reader is not null)
        {
            return _reader.Read7BitEncodedInt64();
        }

        _writer!.Write7BitEncodedInt64(value!.Value);
        return value.Value;
    }

    public double Number(double? value)
    {
        if (_reader is not null)
        {
            return _reader.ReadDouble();
        }

        _writer!.Write(value!.Value);
        return value.Value;
    }

    public float Single(float? value) => (float)Number(value);

    public bool Truth(bool? value) => Integer(value == true ? 1 : 0) != 0;

    public string Text(string? value)
    {
        if (_reader is not null)
        {
            return _reader.ReadString();
        }

        _writer!.Write(value!);
        return value!;
    }

    public int[] Integers(IReadOnlyList<int>? values) => List(values, (stream, value) => stream.Integer(value));

    public double[] Numbers(IReadOnlyList<double>? values) => List(values, (stream, value) => stream.Number(value));

    /// <summary>A list.</summary>
    /// <param name="values">The list to write.</param>
    /// <param name="item">Describes an item. It gets the item to write.</param>
    public T[] List<T>(IReadOnlyList<T>? values, Func<ValueStream, T?, T> item)
    {
        int count = Integer(values?.Count);
        if (_reader is { BaseStream: var stream } && (count < 0 || count > stream.Length - stream.Position))
        {
            throw new InvalidDataException($"a list of {count} items in {stream.Length - stream.Position} bytes");
        }

        var list = new T[count];
        for (int i = 0; i < count; i++)
        {
            list[i] = item(this, values is null ? default : values[i]);
        }

        return list;
    }

    /// <summary>Whether there is a value. It must be described next.</summary>
    public bool Has(object? value) => Truth(value is not null);
}
