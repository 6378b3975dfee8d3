using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Strata.Weights;

/// <summary>
/// The directory of a ZIP archive whose files are stored as they are, so that they can be read at any place. .NET's own
/// <c>ZipArchive</c> reads an entry from its beginning only, and its directory without a limit. The format is PKWARE's APPNOTE.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint EndSignature = 0x06054B50, End64Signature = 0x06064B50, LocatorSignature = 0x07064B50;
    private const uint EntrySignature = 0x02014B50, LocalSignature = 0x04034B50;
    private const int EndLength = 22, End64Length = 56, LocatorLength = 20, EntryLength = 46, LocalLength = 30;
    private const int LongestComment = 65_535;
    private const ushort Zip64Field = 1;

    // What stands in a field of 32 bits whose value is in a field of 64 bits.
    private const uint Elsewhere = uint.MaxValue;

    private readonly SourceFile _file;
    private readonly long _begin;
    private readonly Dictionary<string, ZipEntry> _entries;

    private ZipDirectory(SourceFile file, long begin, Dictionary<string, ZipEntry> entries) =>
        (_file, _begin, _entries) = (file, begin, entries);

    /// <summary>The names of all files.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Reads the directory.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="most">The most bytes of a directory.</param>
    public static ZipDirectory Read(SourceFile file, int most)
    {
        FileRegion region = Find(file);
        if (region.Length > most)
        {
            throw new DamagedFileException($"the archive's directory has {MessageText.Count(region.Length, "byte")}; "
                + $"{nameof(WeightsLoadOptions)}.{nameof(WeightsLoadOptions.MaxHeaderLength)} allows {most}.");
        }

        byte[] directory = new byte[region.Length];
        file.Read(region.Begin, directory);
        var entries = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        for (int at = 0; at < directory.Length;)
        {
            ZipEntry entry = ReadEntry(directory.AsSpan(at), region.Begin + at, out int length);
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw new DamagedFileException($"the archive has '{MessageText.Show(entry.Name)}' twice.");
            }

            at += length;
        }

        return new ZipDirectory(file, region.Begin, entries);
    }

    /// <summary>Where a file's bytes are; null if the archive does not have it.</summary>
    /// <param name="name">The file's name with its folders.</param>
    /// <param name="writer">What writes such archives, and how one gets another, for a file that is not stored as it is.</param>
    public FileRegion? RegionOf(string name, string writer)
    {
        if (!_entries.TryGetValue(name, out ZipEntry? entry))
        {
            return null;
        }

        if (entry.Method != 0 || entry.IsEncrypted || entry.Length != entry.StoredLength)
        {
            throw new DamagedFileException($"'{MessageText.Show(name)}' is {(entry.IsEncrypted ? "encrypted" : "compressed")} in the "
                + $"archive. {writer}");
        }

        Span<byte> local = stackalloc byte[LocalLength];
        if (entry.Header < 0 || entry.Header > _begin - LocalLength)
        {
            throw Misplaced(entry);
        }

        _file.Read(entry.Header, local);
        var region = new FileRegion(entry.Header + LocalLength + U16(local, 26) + U16(local, 28), entry.Length);
        return U32(local, 0) == LocalSignature && region.Length >= 0 && region.Begin <= _begin - region.Length
            ? region : throw Misplaced(entry);
    }

    private static DamagedFileException Misplaced(ZipEntry entry) => new(
        $"the archive is damaged: '{MessageText.Show(entry.Name)}' would have {MessageText.Count(entry.Length, "byte")} after byte "
        + $"{entry.Header}, where it is not.");

    /// <summary>Finds the directory by the record at the archive's end.</summary>
    private static FileRegion Find(SourceFile file)
    {
        int length = (int)long.Min(file.Length, EndLength + LongestComment);
        long begin = file.Length - length;
        byte[] end = new byte[length];
        file.Read(begin, end);
        for (int at = length - EndLength; at >= 0; at--)
        {
            // The archive's comment follows the record up to the end.
            if (U32(end, at) == EndSignature && U16(end, at + 20) == length - at - EndLength)
            {
                long place = begin + at;
                FileRegion region = Find64(file, place) ?? new FileRegion(U32(end, at + 16), U32(end, at + 12));
                return region.Begin >= 0 && region.Length >= 0 && region.Begin <= place - region.Length ? region
                    : throw new DamagedFileException($"the archive is damaged: its directory would have "
                        + $"{MessageText.Count(region.Length, "byte")} from byte {region.Begin} on, of {place}.");
            }
        }

        throw new DamagedFileException("the file is truncated: it is a ZIP archive, whose directory is missing at its end.");
    }

    /// <summary>The directory by the records of large archives before the last one; null if there are none.</summary>
    private static FileRegion? Find64(SourceFile file, long end)
    {
        Span<byte> bytes = stackalloc byte[End64Length];
        if (end < LocatorLength)
        {
            return null;
        }

        file.Read(end - LocatorLength, bytes[..LocatorLength]);
        if (U32(bytes, 0) != LocatorSignature)
        {
            return null;
        }

        long place = I64(bytes, 8);
        if (place < 0 || place > end - End64Length)
        {
            throw new DamagedFileException($"the archive is damaged: a part of its end would be at byte {place}.");
        }

        file.Read(place, bytes);
        return U32(bytes, 0) == End64Signature ? new FileRegion(I64(bytes, 48), I64(bytes, 40))
            : throw new DamagedFileException($"the archive is damaged: a part of its end is not at byte {place}.");
    }

    private static ZipEntry ReadEntry(ReadOnlySpan<byte> bytes, long position, out int length)
    {
        if (bytes.Length < EntryLength || U32(bytes, 0) != EntrySignature)
        {
            throw new DamagedFileException($"the archive is damaged: no entry of its directory is at byte {position}.");
        }

        int name = U16(bytes, 28), extra = U16(bytes, 30);
        length = EntryLength + name + extra + U16(bytes, 32);
        if (length > bytes.Length)
        {
            throw new DamagedFileException($"the archive is damaged: the entry at byte {position} goes beyond its directory.");
        }

        long full = U32(bytes, 24), stored = U32(bytes, 20), header = U32(bytes, 42);
        for (ReadOnlySpan<byte> rest = bytes.Slice(EntryLength + name, extra); rest.Length >= 4;)
        {
            ReadOnlySpan<byte> field = rest[4..][..int.Min(U16(rest, 2), rest.Length - 4)];
            if (U16(rest, 0) == Zip64Field)
            {
                Replace(ref full, ref field);
                Replace(ref stored, ref field);
                Replace(ref header, ref field);
                break;
            }

            rest = rest[(4 + field.Length)..];
        }

        return new ZipEntry(
            Encoding.UTF8.GetString(bytes.Slice(EntryLength, name)), U16(bytes, 10), (U16(bytes, 8) & 1) != 0, stored, full, header);

        static void Replace(ref long value, ref ReadOnlySpan<byte> field)
        {
            if (value == Elsewhere && field.Length >= sizeof(long))
            {
                value = I64(field, 0);
                field = field[sizeof(long)..];
            }
        }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
