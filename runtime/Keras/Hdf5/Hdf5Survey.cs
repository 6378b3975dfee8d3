using System;
using System.Collections.Generic;
using System.Text;

namespace Strata.Weights;

/// <summary>
/// Walks through all objects of an HDF5 file before PureHDF reads it. PureHDF allocates what a file asks for before it looks whether the
/// file has it, and follows addresses wherever they lead. So each length is compared here with what holds it, each object may be there
/// once, and all descriptions together may be as long as the caller allows. What h5py writes for Keras passes: HDF5's oldest layout,
/// arrays in one piece. The format is The HDF Group's "HDF5 File Format Specification Version 3.0".
/// </summary>
internal sealed class Hdf5Survey
{
    private const int SuperblockLength = 96, PrefixLength = 16, MessageLength = 8, EntryLength = 40, HeapLength = 32;
    private const int NodeLength = 24, TableLength = 8, CollectionLength = 16;
    private const int Undefined = -1;

    // Groups within groups. Models within models of Keras have a few.
    private const int MostDepth = 64;

    private static readonly byte[] Signature = [0x89, .. "HDF\r\n\u001A\n"u8];

    private readonly SourceFile _file;
    private readonly long _most;
    private long _spent;
    private readonly HashSet<long> _objects = [];
    private readonly Dictionary<long, Dictionary<int, long>> _collections = [];
    private readonly Dictionary<string, Hdf5Array> _arrays = new(StringComparer.Ordinal);
    private readonly Stack<(string Path, long Address, int Depth, (long, long)? Table)> _rest = new();

    private Hdf5Survey(SourceFile file, int most) => (_file, _most) = (file, most);

    /// <summary>The arrays of the file by their paths.</summary>
    public IReadOnlyDictionary<string, Hdf5Array> Arrays => _arrays;

    /// <summary>Walks through a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="most">The most bytes of all descriptions: headers, names, attributes.</param>
    public static Hdf5Survey Of(SourceFile file, int most)
    {
        var survey = new Hdf5Survey(file, most);
        survey._rest.Push(("", survey.ReadSuperblock(), 0, null));
        while (survey._rest.TryPop(out (string Path, long Address, int Depth, (long, long)? Table) next))
        {
            survey.ReadObject(next.Path, next.Address, next.Depth, next.Table);
        }

        return survey;
    }

    private ByteCursor Take(long address, long length, string what)
    {
        if (address < 0 || length < 0 || length > _file.Length || address > _file.Length - length)
        {
            throw new DamagedFileException(
                $"the HDF5 file is truncated, or damaged: {what} of {length} bytes at byte {address} of {_file.Length}.");
        }

        Spend(length);
        byte[] bytes = new byte[length];
        _file.Read(address, bytes);
        return new ByteCursor(bytes, what, address);
    }

    private void Spend(long length)
    {
        _spent += length;
        if (_spent > _most)
        {
            throw new DamagedFileException($"the names and shapes of its arrays take more than {MessageText.Count(_most, "byte")}, which "
                + $"{nameof(WeightsLoadOptions)}.{nameof(WeightsLoadOptions.MaxHeaderLength)} allows.");
        }
    }

    /// <returns>Where the outermost group is.</returns>
    private long ReadSuperblock()
    {
        ByteCursor cursor = Take(0, SuperblockLength, "the superblock");
        cursor.Expect(Signature);
        int version = cursor.U8();
        if (version != 0)
        {
            throw new DamagedFileException($"it has version {version} of HDF5's layout. Keras writes version 0: load the file in Keras, "
                + "and save it again.");
        }

        cursor.Take(4);
        cursor.Expect(sizeof(long), cursor.U8(), "length of addresses");
        cursor.Expect(sizeof(long), cursor.U8(), "length of lengths");
        cursor.Take(9);
        cursor.Expect(0, cursor.I64() == 0 ? 0 : 1, "base address");
        cursor.Take(8 + 8 + 8 + 8);
        return cursor.I64();
    }

    private void ReadObject(string path, long address, int depth, (long, long)? table)
    {
        if (!_objects.Add(address))
        {
            throw new DamagedFileException($"it has the object '{MessageText.Show(path)}' twice, or within itself.");
        }

        ByteCursor prefix = Take(address, PrefixLength, "a header");
        prefix.Expect(1, prefix.U8(), "version");
        prefix.Take(1 + sizeof(ushort) + sizeof(uint));
        var parts = new Hdf5Object();
        var blocks = new Queue<(long Address, long Length)>();
        blocks.Enqueue((address + PrefixLength, prefix.U32()));
        while (blocks.TryDequeue(out (long Address, long Length) block))
        {
            ByteCursor cursor = Take(block.Address, block.Length, "a header");
            while (cursor.Left > 0)
            {
                int type = cursor.U16(), length = cursor.U16(), flags = cursor.U8();
                cursor.Take(3);
                parts.Read(path, type, flags, new ByteCursor(cursor.Take(length), "a message", block.Address), blocks);
            }
        }

        foreach ((long heap, int number) in parts.References)
        {
            // A short file can have the same long text many times.
            Spend(ReadCollection(heap).GetValueOrDefault(number));
        }

        if (parts.Table is { } own)
        {
            if (table is { } told && told != own)
            {
                throw new DamagedFileException($"the group '{MessageText.Show(path)}' has two lists of its objects.");
            }

            ReadGroup(path, own.Tree, own.Heap, depth);
        }
        else if (table is not null)
        {
            throw new DamagedFileException($"'{MessageText.Show(path)}' is no group.");
        }
        else
        {
            parts.CheckArray(path, _file.Length, _arrays);
        }
    }

    /// <summary>A group: a tree of tables, whose entries have names in a heap.</summary>
    private void ReadGroup(string path, long tree, long heap, int depth)
    {
        if (depth == MostDepth)
        {
            throw new DamagedFileException($"it has more than {MostDepth} groups within each other.");
        }

        ByteCursor head = Take(heap, HeapLength, "a heap of names");
        head.Expect("HEAP"u8);
        head.Expect(0, head.U8(), "version");
        head.Take(3);
        long length = head.I64();
        head.I64();
        byte[] names = Take(head.I64(), length, "names").Take(length).ToArray();
        var found = new HashSet<string>(StringComparer.Ordinal);
        var nodes = new Stack<(long Address, int Level)>();
        nodes.Push((tree, Undefined));
        while (nodes.TryPop(out (long Address, int Level) next))
        {
            if (next.Level == 0)
            {
                ReadTable(path, next.Address, names, depth, found);
                continue;
            }

            if (!_objects.Add(next.Address))
            {
                throw new DamagedFileException($"the group '{MessageText.Show(path)}' has a part twice.");
            }

            ByteCursor node = Take(next.Address, NodeLength, "a node");
            node.Expect("TREE"u8);
            node.Expect(0, node.U8(), "kind");
            int level = node.U8(), entries = node.U16();
            if (next.Level != Undefined && level != next.Level - 1)
            {
                throw node.Damaged($"its level is {level} below level {next.Level}");
            }

            ByteCursor keys = Take(next.Address + NodeLength, (2L * sizeof(long) * entries) + sizeof(long), "a node");
            for (int i = 0; i <= entries; i++)
            {
                CheckName(names, keys.I64(), 0);
                if (i < entries)
                {
                    nodes.Push((keys.I64(), level));
                }
            }
        }
    }

    private void ReadTable(string path, long address, byte[] names, int depth, HashSet<string> found)
    {
        if (!_objects.Add(address))
        {
            throw new DamagedFileException($"the group '{MessageText.Show(path)}' has a table twice.");
        }

        ByteCursor table = Take(address, TableLength, "a table");
        table.Expect("SNOD"u8);
        table.Expect(1, table.U8(), "version");
        table.Take(1);
        int count = table.U16();
        ByteCursor entries = Take(address + TableLength, (long)count * EntryLength, "a table");
        for (int i = 0; i < count; i++)
        {
            string name = CheckName(names, entries.I64(), path.Length);
            long header = entries.I64();
            uint cached = entries.U32();
            entries.Take(sizeof(uint));
            long tree = entries.I64(), heap = entries.I64();
            if (cached > 1)
            {
                throw new DamagedFileException($"'{MessageText.Show($"{path}/{name}")}' is a link. Keras writes none.");
            }

            if (name.Length == 0 || name.Contains('/') || !found.Add(name))
            {
                throw new DamagedFileException($"the group '{MessageText.Show(path)}' has an object '{MessageText.Show(name)}', or two.");
            }

            _rest.Push(($"{path}/{name}", header, depth + 1, cached == 1 ? (tree, heap) : null));
        }
    }

    /// <summary>A name in a heap. It is kept twice, once behind the path of its group: names may overlap in the heap.</summary>
    private string CheckName(byte[] names, long offset, int path)
    {
        int end = offset >= 0 && offset < names.Length ? Array.IndexOf(names, (byte)0, (int)offset) : -1;
        Spend(end >= 0 ? path + (2 * (end - offset)) : 0);
        return end >= 0 ? Encoding.UTF8.GetString(names.AsSpan((int)offset, end - (int)offset))
            : throw new DamagedFileException($"the HDF5 file is damaged: byte {offset} of a heap of names is no name.");
    }

    /// <summary>A heap of texts.</summary>
    /// <returns>Their lengths by their numbers.</returns>
    private Dictionary<int, long> ReadCollection(long address)
    {
        if (_collections.TryGetValue(address, out Dictionary<int, long>? known))
        {
            return known;
        }

        var lengths = new Dictionary<int, long>();
        _collections.Add(address, lengths);
        ByteCursor head = Take(address, CollectionLength, "a heap of texts");
        head.Expect("GCOL"u8);
        head.Expect(1, head.U8(), "version");
        head.Take(3);
        long length = head.I64() - CollectionLength;
        ByteCursor texts = Take(address + CollectionLength, length, "a heap of texts");
        while (texts.Left > CollectionLength)
        {
            int number = texts.U16();
            texts.Take(sizeof(ushort) + sizeof(uint));
            long size = texts.I64();
            if (number == 0)
            {
                break;
            }

            texts.Take(size);
            texts.Take(long.Min(-size & 7, texts.Left));
            lengths[number] = size;
        }

        return lengths;
    }
}
