using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

namespace Strata.Weights.Tests;

/// <summary>Writes pickles code by code, and files around them.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _codes = [0x80, 2];

    public byte[] Bytes => [.. _codes, (byte)'.'];

    public PickleWriter Code(params ReadOnlySpan<byte> codes)
    {
        _codes.AddRange(codes);
        return this;
    }

    public PickleWriter Code(string codes) => Code(Encoding.Latin1.GetBytes(codes));

    public PickleWriter Repeat(string codes, int count)
    {
        _codes.AddRange(Enumerable.Repeat(Encoding.Latin1.GetBytes(codes), count).SelectMany(code => code));
        return this;
    }

    public PickleWriter Text(string text) => Code("X").Code(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)))
        .Code(Encoding.UTF8.GetBytes(text));

    public PickleWriter Number(long number) => Code([0x8A, 8]).Code(BitConverter.GetBytes(number));

    public PickleWriter Tuple(params long[] numbers)
    {
        Code("(");
        foreach (long number in numbers)
        {
            Number(number);
        }

        return Code("t");
    }

    /// <summary>A tensor of the storage "0".</summary>
    public PickleWriter Tensor(
        long offset, long[] shape, long[] strides, long count = 4, string storage = "torch\nFloatStorage\n", string key = "0") =>
        Tensor(offset, () => Tuple(shape).Tuple(strides), count, storage, key);

    /// <summary>A tensor whose shape and strides others write.</summary>
    public PickleWriter Tensor(
        long offset, Func<PickleWriter> layout, long count = 4, string storage = "torch\nFloatStorage\n", string key = "0")
    {
        Code("ctorch._utils\n_rebuild_tensor_v2\n((").Text("storage").Code("c").Code(storage).Text(key).Text("cpu").Number(count).Code("tQ")
            .Number(offset);
        return layout().Code([0x89]).Code("ccollections\nOrderedDict\n)RtR");
    }

    /// <summary>A state_dict with one tensor.</summary>
    public static byte[] One(long offset, long[] shape, long[] strides, long count = 4, string storage = "torch\nFloatStorage\n") =>
        new PickleWriter().Code("}").Text("w").Tensor(offset, shape, strides, count, storage).Code("s").Bytes;

    /// <summary>A file of torch.save with four floats as its storage "0".</summary>
    public static byte[] Zip(byte[] pickle, bool isCompressed = false, string folder = "x", byte[]? order = null)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("data.pkl", pickle);
            Add("data/0", new byte[16]);
            if (order is not null)
            {
                Add("byteorder", order);
            }

            void Add(string name, byte[] content)
            {
                using Stream entry = archive.CreateEntry(
                    $"{folder}/{name}", isCompressed ? CompressionLevel.SmallestSize : CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
