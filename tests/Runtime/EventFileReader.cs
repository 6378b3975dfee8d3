using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// Reads event files by the formats' descriptions; shares no code with the library. What is not exactly right fails the test.
/// </summary>
internal static class EventFileReader
{
    /// <summary>The records after the version's, with the one value that each has.</summary>
    public static List<EventRecord> Read(string path)
    {
        List<byte[]> records = Records(path);
        ProtobufMessage version = new(records[0]);
        Assert.Equal("brain.Event:2", version.Text(3));
        return [.. records.Skip(1).Select(record =>
        {
            ProtobufMessage message = new(record), value = message.Message(5).Message(1);
            return new EventRecord(message.Double(1), (long)message.Integer(2), value.Text(1), value);
        })];
    }

    /// <summary>The content of a file's records, up to its end.</summary>
    public static List<byte[]> Records(string path)
    {
        // The writer may have it open.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        var records = new List<byte[]>();
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Mask(Checksum(file.AsSpan(at, 8))), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            records.Add(file[(at + 12)..(at + 12 + length)]);
            Assert.Equal(Mask(Checksum(records[^1])), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            at += 16 + length;
        }

        return records;
    }

    /// <summary>CRC-32C, bit by bit.</summary>
    public static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint sum = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * 0x82F63B78);
            }
        }

        return sum ^ 0xFFFFFFFF;
    }

    private static uint Mask(uint sum) => unchecked(((sum >> 15) | (sum << 17)) + 0xA282EAD8);
}

/// <summary>A record with a value.</summary>
internal sealed record EventRecord(double WallTime, long Step, string Tag, ProtobufMessage Value)
{
    public float Scalar => Value.Float(2);
}

/// <summary>The fields of a message by their numbers.</summary>
internal sealed class ProtobufMessage
{
    private readonly Dictionary<int, List<object>> _fields = [];

    public ProtobufMessage(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            ulong tag = Varint(ref data);
            int field = (int)(tag >> 3);
            object value;
            switch (tag & 7)
            {
                case 0:
                    value = Varint(ref data);
                    break;
                case 1:
                    value = BinaryPrimitives.ReadDoubleLittleEndian(data);
                    data = data[8..];
                    break;
                case 2:
                    int length = (int)Varint(ref data);
                    value = data[..length].ToArray();
                    data = data[length..];
                    break;
                case 5:
                    value = BinaryPrimitives.ReadSingleLittleEndian(data);
                    data = data[4..];
                    break;
                default:
                    throw new InvalidDataException($"Field {field} has the type {tag & 7}.");
            }

            _fields.TryAdd(field, []);
            _fields[field].Add(value);
        }
    }

    public IEnumerable<int> Fields => _fields.Keys.Order();

    public ulong Integer(int field) => (ulong)Assert.Single(_fields[field]);

    public double Double(int field) => (double)Assert.Single(_fields[field]);

    public float Float(int field) => (float)Assert.Single(_fields[field]);

    public byte[] Bytes(int field) => (byte[])Assert.Single(_fields[field]);

    public string Text(int field) => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes(field));

    public ProtobufMessage Message(int field) => new(Bytes(field));

    public double[] Doubles(int field) =>
        [.. Bytes(field).Chunk(8).Select(chunk => BinaryPrimitives.ReadDoubleLittleEndian(chunk))];

    private static ulong Varint(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (int i = 0; ; i++)
        {
            value |= (ulong)(data[i] & 0x7F) << (7 * i);
            if (data[i] < 0x80)
            {
                // As short as it can be.
                Assert.True(i == 0 || data[i] > 0);
                data = data[(i + 1)..];
                return value;
            }
        }
    }
}
