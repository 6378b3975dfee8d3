using System;
using System.Linq;

namespace Strata.Weights;

/// <summary>A type of numbers or texts in an HDF5 file.</summary>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Numbers">The type of numbers; null for texts and for what safetensors do not have.</param>
/// <param name="IsText">Whether elements are texts of one length.</param>
/// <param name="IsReference">Whether elements are texts of several lengths, which are in a heap.</param>
internal sealed record Hdf5Type(long Size, ElementType? Numbers, bool IsText = false, bool IsReference = false)
{
    private const int FixedPoint = 0, FloatingPoint = 1, Text = 3, Opaque = 5, Enumeration = 8, VariableLength = 9;

    // Of a reference to a heap: length, address and number.
    private const int ReferenceSize = 16;

    // Bytes before the fields of a class: class, bits and size.
    private const int HeaderSize = 8;

    private const int MostMembers = 256;

    /// <summary>Where sign, exponent and fraction of IEEE's numbers and of bfloat16 are, as HDF5 writes it.</summary>
    private static readonly (ElementType Type, byte[] Fields)[] Floats =
    [
        (ElementType.F64, [0, 0, 64, 0, 52, 11, 0, 52, 0xFF, 3, 0, 0]),
        (ElementType.F32, [0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]),
        (ElementType.F16, [0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0]),
        (ElementType.BF16, [0, 0, 16, 0, 7, 8, 0, 7, 127, 0, 0, 0]),
    ];

    private static readonly (int Size, bool IsSigned, ElementType Type)[] Integers =
    [
        (8, true, ElementType.I64), (4, true, ElementType.I32), (2, true, ElementType.I16), (1, true, ElementType.I8),
        (8, false, ElementType.U64), (4, false, ElementType.U32), (2, false, ElementType.U16), (1, false, ElementType.U8),
    ];

    /// <summary>Reads the description of a type that h5py writes for NumPy's arrays and Python's texts.</summary>
    /// <param name="cursor">The description.</param>
    public static Hdf5Type Read(ref ByteCursor cursor)
    {
        byte kind = cursor.U8();
        ReadOnlySpan<byte> bits = cursor.Take(3);
        bool isBigEndian = (bits[0] & 1) != 0;
        long size = cursor.U32();
        int version = kind >> 4;
        if (version is < 1 or > 3 || size is 0 or > int.MaxValue)
        {
            throw cursor.Damaged($"a type of version {version} and {size} bytes cannot be");
        }

        switch (kind & 15)
        {
            case FixedPoint:
                bool isSigned = (bits[0] & 8) != 0;
                ReadOnlySpan<byte> digits = cursor.Take(4);
                bool isUsual = digits[0] == 0 && digits[1] == 0 && digits[2] + (digits[3] << 8) == 8 * size;
                return !isUsual ? throw cursor.Damaged("unusual integers")
                    : isBigEndian && size > 1 ? throw HighestFirst()
                    : new Hdf5Type(size, Array.Find(Integers, one => one.Size == size && one.IsSigned == isSigned).Type);
            case FloatingPoint:
                byte[] fields = cursor.Take(12).ToArray();
                return isBigEndian || (bits[0] & 0x40) != 0 ? throw HighestFirst()
                    : new Hdf5Type(size, Array.Find(
                        Floats, one => one.Type.Size == size && one.Fields.AsSpan().SequenceEqual(fields)).Type);
            case Text:
                return new Hdf5Type(size, null, IsText: true);
            case Opaque:
                // bfloat16 of NumPy's extension types: an attribute says what it is.
                cursor.Take(bits[0]);
                return new Hdf5Type(size, null);
            case Enumeration:
                return ReadEnumeration(ref cursor, bits[0] | (bits[1] << 8), size, version);
            case VariableLength:
                Hdf5Type element = Read(ref cursor, size);
                return (bits[0] & 15) == 1 && element.Size == 1 ? new Hdf5Type(size, null, IsReference: true)
                    : throw cursor.Damaged("arrays of several lengths");
            default:
                throw cursor.Damaged($"a type of class {kind & 15}, which Keras does not write");
        }
    }

    /// <summary>The type of the characters of texts of several lengths.</summary>
    private static Hdf5Type Read(ref ByteCursor cursor, long size)
    {
        cursor.Expect(ReferenceSize, (int)size, "size of a reference");
        if (cursor.Left < HeaderSize)
        {
            throw cursor.Damaged("a type is cut off");
        }

        ByteCursor copy = cursor;
        if ((copy.U8() & 15) is not (FixedPoint or Text))
        {
            throw cursor.Damaged("texts of something else than characters");
        }

        return Read(ref cursor);
    }

    /// <summary>Bools are an enumeration of FALSE and TRUE.</summary>
    private static Hdf5Type ReadEnumeration(ref ByteCursor cursor, int members, long size, int version)
    {
        if (cursor.Left < HeaderSize || members > MostMembers)
        {
            throw cursor.Damaged($"an enumeration of {members} names");
        }

        ByteCursor copy = cursor;
        cursor.Expect(FixedPoint, copy.U8() & 15, "class of an enumeration's numbers");
        cursor.Expect((int)size, (int)Read(ref cursor).Size, "size of an enumeration");
        for (int i = 0; i < members; i++)
        {
            int length = 1;
            while (cursor.U8() != 0)
            {
                length++;
            }

            cursor.Take(version < 3 ? -length & 7 : 0);
        }

        cursor.Take(members * size);
        return new Hdf5Type(size, null);
    }

    private static DamagedFileException HighestFirst() =>
        new("its numbers begin with the highest byte. Load the file in Keras on a usual machine, and save it again.");

    /// <summary>The types of numbers that are read, as a list.</summary>
    public static string Known { get; } = string.Join(", ", Floats.Select(one => one.Type).Concat(Integers.Select(one => one.Type))
        .Select(type => type.Safetensors));
}
