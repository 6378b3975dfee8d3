using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Strata.Weights;

/// <summary>What the messages of an object's header say: a group, or an array, and attributes.</summary>
internal sealed class Hdf5Object
{
    // The messages that h5py writes for groups, arrays and attributes.
    private const int Nothing = 0, Space = 1, Type = 3, OldFill = 4, Fill = 5, Layout = 8, Attribute = 12, OldTime = 14, Continuation = 16;
    private const int SymbolTable = 17, Time = 18;

    // Those that it writes where somebody asks for it.
    private const int LinkInfo = 2, Link = 6, External = 7, Filters = 11;

    private const int Compact = 0, Contiguous = 1, Chunked = 2;
    private const int Shared = 2;
    private const long Undefined = -1;

    private long[]? _shape;
    private Hdf5Type? _type;
    private long _place, _length;
    private bool _hasLayout;

    /// <summary>Where a group's tree and its heap of names are.</summary>
    public (long Tree, long Heap)? Table { get; private set; }

    /// <summary>The attributes' texts: their heaps, and their numbers there.</summary>
    public List<(long Heap, int Number)> References { get; } = [];

    /// <summary>Reads a message.</summary>
    /// <param name="path">The object.</param>
    /// <param name="type">The kind of message.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="cursor">Its bytes.</param>
    /// <param name="blocks">Receives where the header goes on.</param>
    public void Read(string path, int type, int flags, ByteCursor cursor, Queue<(long Address, long Length)> blocks)
    {
        if ((flags & Shared) != 0)
        {
            throw cursor.Damaged("it is in another object. Keras writes no such files");
        }

        switch (type)
        {
            case Nothing:
                break;
            case OldTime:
                cursor.Take(16);
                break;
            case Time:
                cursor.Take(8);
                break;
            case Space:
                _shape = _shape is null ? Hdf5Space.Read(ref cursor) : throw cursor.Damaged("extents are there twice");
                break;
            case Type:
                _type = _type is null ? Hdf5Type.Read(ref cursor) : throw cursor.Damaged("a type is there twice");
                break;
            case OldFill:
                cursor.Take(cursor.U32());
                break;
            case Fill:
                ReadFill(ref cursor);
                break;
            case Layout:
                ReadLayout(ref cursor);
                break;
            case Attribute:
                ReadAttribute(path, ref cursor);
                break;
            case Continuation:
                blocks.Enqueue((cursor.I64(), cursor.I64()));
                break;
            case SymbolTable:
                Table = Table is null ? (cursor.I64(), cursor.I64()) : throw cursor.Damaged("a group has two tables");
                break;
            case Filters:
                throw new DamagedFileException(Rewritten("is compressed"), path);
            case External:
                throw new DamagedFileException("its numbers are in another file, which is not read.", path);
            case LinkInfo or Link:
                throw new DamagedFileException($"the group '{MessageText.Show(path)}' has a newer layout of HDF5 than Keras writes: load "
                    + "the file in Keras, and save it again.");
            default:
                throw cursor.Damaged($"a message of kind {type}, which Keras does not write");
        }
    }

    /// <summary>Notes the array, if it is one whose numbers are in the file.</summary>
    /// <param name="path">The object.</param>
    /// <param name="length">The file's bytes.</param>
    /// <param name="arrays">Receives it.</param>
    public void CheckArray(string path, long length, Dictionary<string, Hdf5Array> arrays)
    {
        if (_shape is null || _type is null || !_hasLayout)
        {
            throw new DamagedFileException("the HDF5 file is damaged: it is neither a group nor an array.", path);
        }

        var array = new Hdf5Array(path, _type, _shape);
        bool isThere = array.Length == 0 || (_place >= 0 && _length == array.Length && _place <= length - _length);
        arrays.Add(path, isThere ? array : throw new DamagedFileException(
            $"the HDF5 file is truncated, or damaged: {MessageText.Shape(_shape)} takes {MessageText.Count(array.Length, "byte")}, and "
            + $"{MessageText.Count(_length, "byte")} are at byte {_place} of {length}.", path));
    }

    private static string Rewritten(string how) =>
        $"it {how} in the HDF5 file. Keras stores arrays as they are: load the file in Keras and save it again.";

    private static void ReadFill(ref ByteCursor cursor)
    {
        int version = cursor.U8();
        if (version is < 1 or > 3)
        {
            throw cursor.Damaged($"a fill value of version {version}");
        }

        bool isThere = version == 3 ? (cursor.U8() & 0x20) != 0 : cursor.Take(3)[2] == 1;
        if (isThere)
        {
            cursor.Take(cursor.U32());
        }
    }

    private void ReadLayout(ref ByteCursor cursor)
    {
        int version = cursor.U8(), kind = cursor.U8();
        if (version != 3 || _hasLayout)
        {
            throw cursor.Damaged($"a layout of version {version}, which Keras does not write, or two");
        }

        _hasLayout = true;
        switch (kind)
        {
            case Compact:
                _length = cursor.U16();
                cursor.Take(_length);
                break;
            case Contiguous:
                (_place, _length) = (cursor.I64(), cursor.I64());
                break;
            case Chunked:
                throw new DamagedFileException(Rewritten("is in pieces"));
            default:
                throw cursor.Damaged($"a layout of kind {kind}");
        }
    }

    private void ReadAttribute(string path, ref ByteCursor cursor)
    {
        int version = cursor.U8(), flags = cursor.U8();
        int nameLength = cursor.U16(), typeLength = cursor.U16(), spaceLength = cursor.U16();
        if (version is < 1 or > 3 || (version > 1 && flags != 0))
        {
            throw cursor.Damaged($"an attribute of version {version} with the flags {flags}");
        }

        cursor.Take(version == 3 ? 1 : 0);
        int Padding(int length) => version == 1 ? -length & 7 : 0;
        ReadOnlySpan<byte> name = cursor.Take(nameLength + Padding(nameLength));

        // PureHDF looks for the name's end, and goes on behind it.
        int end = name.IndexOf((byte)0);
        if (end < 0 || end + 1 + Padding(end + 1) != name.Length)
        {
            throw cursor.Damaged("an attribute's name has another length than it says");
        }

        var typeCursor = new ByteCursor(cursor.Take(typeLength), "an attribute's type", 0);
        Hdf5Type type = Hdf5Type.Read(ref typeCursor);
        cursor.Take(Padding(typeLength));
        var spaceCursor = new ByteCursor(cursor.Take(spaceLength), "an attribute's extents", 0);
        long[] shape = Hdf5Space.Read(ref spaceCursor);
        cursor.Take(Padding(spaceLength));
        if (typeCursor.Left > 0 || spaceCursor.Left > 0)
        {
            throw cursor.Damaged("an attribute's type or extents have another length than they say");
        }

        ReadOnlySpan<byte> data = cursor.Take(new Hdf5Array(path, type, shape).Length);
        for (; type.IsReference && !data.IsEmpty; data = data[16..])
        {
            // A length, an address, and a number in the heap there. Nothing is at address 0 and at the undefined one.
            long heap = BinaryPrimitives.ReadInt64LittleEndian(data[4..]);
            if (heap is not (0 or Undefined))
            {
                References.Add((heap, BinaryPrimitives.ReadInt32LittleEndian(data[12..])));
            }
        }
    }
}
