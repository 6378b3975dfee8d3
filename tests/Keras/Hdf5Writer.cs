using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace Strata.Weights.Tests;

/// <summary>
/// Writes arrays and texts of one length in HDF5's oldest layout, as h5py does for Keras: "HDF5 File Format Specification Version 3.0".
/// A group has one table for all of its names, which the superblock allows.
/// </summary>
internal sealed class Hdf5Writer : IDisposable
{
    private const int SuperblockLength = 96, TableEntries = 65_534;
    private const long Undefined = -1;

    private readonly MemoryStream _file = new();

    /// <summary>Makes the bytes of a file.</summary>
    /// <param name="layers">The layers in order, and their weights by Keras' names.</param>
    public static byte[] Legacy(IReadOnlyList<(string Name, IReadOnlyList<(string Name, int[] Shape, float[] Values)> Weights)> layers)
    {
        using var writer = new Hdf5Writer();
        writer._file.SetLength(SuperblockLength);
        writer._file.Position = SuperblockLength;
        var groups = layers.Select(layer => (layer.Name, Address: writer.Layer(layer.Name, layer.Weights))).ToList();
        long root = writer.Group(groups, ("layer_names", [.. layers.Select(layer => layer.Name)]), ("backend", ["tensorflow"]));
        byte[] superblock =
        [
            0x89, .. "HDF\r\n\u001A\n"u8, 0, 0, 0, 0, 0, 8, 8, 0, .. U16(TableEntries / 2), .. U16(16), .. new byte[4], .. I64(0),
            .. I64(Undefined), .. I64(writer._file.Length), .. I64(Undefined), .. I64(0), .. I64(root), .. new byte[24],
        ];
        writer._file.Position = 0;
        writer._file.Write(superblock);
        return writer._file.ToArray();
    }

    public void Dispose() => _file.Dispose();

    private long Layer(string name, IReadOnlyList<(string Name, int[] Shape, float[] Values)> weights)
    {
        long inner = Nested([.. weights.Select(weight => (weight.Name.Split('/'), Array(weight.Shape, weight.Values)))]);
        return Group([(name, inner)], ("weight_names", [.. weights.Select(weight => $"{name}/{weight.Name}:0")]));
    }

    /// <summary>A group of arrays, and of groups for those with a slash in their names.</summary>
    private long Nested(IReadOnlyList<(string[] Path, long Address)> arrays) => Group(
    [
        .. arrays.Where(array => array.Path.Length == 1).Select(array => (array.Path[0] + ":0", array.Address)),
        .. arrays.Where(array => array.Path.Length > 1).GroupBy(array => array.Path[0])
            .Select(group => (group.Key, Nested([.. group.Select(array => (array.Path[1..], array.Address))]))),
    ]);

    private long Array(int[] shape, float[] values)
    {
        long place = Append(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        return Header(
            (1, Space(shape)), (3, [0x11, 0x20, 31, 0, .. U32(4), .. U16(0), .. U16(32), 23, 8, 0, 23, .. U32(127)]), (5, [2, 2, 2, 0]),
            (8, [3, 1, .. I64(place), .. I64(4L * values.Length)]));
    }

    private long Group(IReadOnlyList<(string Name, long Address)> children, params (string Name, string[] Texts)[] attributes)
    {
        (string Name, long Address)[] sorted = [.. children.OrderBy(child => child.Name, StringComparer.Ordinal)];
        var names = new List<byte>(new byte[8]);
        var table = new List<byte>([.. "SNOD"u8, 1, 0, .. U16(sorted.Length)]);
        long last = 0;
        foreach ((string name, long address) in sorted)
        {
            last = names.Count;
            table.AddRange([.. I64(last), .. I64(address), .. new byte[24]]);
            names.AddRange(Padded(Encoding.UTF8.GetBytes(name + '\0')));
        }

        long data = Append([.. names]);
        long heap = Append([.. "HEAP"u8, 0, 0, 0, 0, .. I64(names.Count), .. I64(1), .. I64(data)]);
        long entries = Append([.. table]);
        long tree = Append([.. "TREE"u8, 0, 0, .. U16(1), .. I64(Undefined), .. I64(Undefined), .. I64(0), .. I64(entries), .. I64(last)]);
        return Header([(17, [.. I64(tree), .. I64(heap)]), .. attributes.Select(one => (12, Attribute(one.Name, one.Texts)))]);
    }

    private static byte[] Attribute(string name, string[] texts)
    {
        int length = int.Max(texts.Max(text => text.Length), 1);
        byte[] type = [0x13, 0, 0, 0, .. U32(length)], space = Space([texts.Length]), title = Encoding.UTF8.GetBytes(name + '\0');
        return
        [
            1, 0, .. U16(title.Length), .. U16(type.Length), .. U16(space.Length), .. Padded(title), .. Padded(type), .. Padded(space),
            .. texts.SelectMany(text => Encoding.UTF8.GetBytes(text.PadRight(length, '\0'))),
        ];
    }

    private static byte[] Space(int[] shape) => [1, (byte)shape.Length, 0, 0, 0, 0, 0, 0, .. shape.SelectMany(extent => I64(extent))];

    private long Header(params (int Type, byte[] Data)[] messages)
    {
        byte[] all = [.. messages.SelectMany(message => (byte[])
            [.. U16(message.Type), .. U16(Padded(message.Data).Length), 0, 0, 0, 0, .. Padded(message.Data)])];
        return Append([1, 0, .. U16(messages.Length), .. U32(1), .. U32(all.Length), 0, 0, 0, 0, .. all]);
    }

    private long Append(byte[] bytes)
    {
        long place = _file.Position;
        _file.Write(Padded(bytes));
        return place;
    }

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 7]];

    private static byte[] U16(int value) => BitConverter.GetBytes((ushort)value);

    private static byte[] U32(int value) => BitConverter.GetBytes(value);

    private static byte[] I64(long value) => BitConverter.GetBytes(value);
}
