using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Strata;

/// <summary>Reads the safetensors format.</summary>
internal static class SafetensorsReader
{
    /// <summary>The floats of a piece: few enough for the L2 cache. A piece is longer if a tensor's group is.</summary>
    private const int PieceFloats = 65_536;

    /// <summary>The longest <see cref="ISafetensorsTensor.Group"/>, in floats, that is kept whole (2 MiB). Longer groups are cut.</summary>
    private const int MostFloats = 1 << 19;

    /// <summary>Files with fewer floats are read by one thread.</summary>
    private const long SharedFloats = 1 << 20;

    /// <summary>Reads all tensors after a header; those without a target are skipped.</summary>
    /// <param name="stream">The stream, at the first byte after the header. It is read to its end.</param>
    /// <param name="file">The stream's name in messages.</param>
    /// <param name="header">The header.</param>
    /// <param name="targets">One for each entry, or null.</param>
    /// <param name="threads">The most threads that read, if the stream is a file.</param>
    public static void Read(Stream stream, string file, SafetensorsHeader header,
        IReadOnlyList<ISafetensorsTensor?> targets, int threads = 1)
    {
        SafetensorsPiece[] pieces = [.. header.Entries.SelectMany((entry, i) => Pieces(entry, targets[i]))];
        long end = header.Entries.Count == 0 ? 0 : header.Entries[^1].End;
        (long floats, int longest) = (0, 0);
        foreach (SafetensorsPiece piece in pieces)
        {
            floats += piece.Length;
            longest = int.Max(longest, piece.BufferLength);
        }

        // Exclude classes derived from FileStream: they may read from somewhere else.
        if (stream.GetType() == typeof(FileStream) && stream.CanSeek)
        {
            var reading = new SafetensorsReading((FileStream)stream, file, pieces);
            reading.Read(floats < SharedFloats ? 1 : threads, longest);
            stream.Position = reading.Begin + end;
        }
        else
        {
            ReadForward(stream, file, pieces, longest, end);
        }

        if (stream.ReadByte() >= 0)
        {
            throw new WeightsFormatException(file, null, SafetensorsHeader.LengthProblem(end, end + 1));
        }
    }

    /// <summary>Whether a file's tensor has the wanted shape and a type that can be converted.</summary>
    public static bool Fits(SafetensorsEntry entry, IReadOnlyList<int> shape) => entry.IsFloat && IsShape(entry, shape);

    /// <summary>Whether a file's tensor has a shape.</summary>
    public static bool IsShape(SafetensorsEntry entry, IReadOnlyList<int> shape)
    {
        bool isSame = entry.Shape.Length == shape.Count;
        for (int i = 0; isSame && i < shape.Count; i++)
        {
            isSame = entry.Shape[i] == shape[i];
        }

        return isSame;
    }

    /// <summary>The exception for a tensor that does not fit.</summary>
    public static WeightsFormatException Mismatch(string file, SafetensorsEntry entry, IReadOnlyList<int> shape, string advice = "") => new(
        file, entry.Name, $"expected F32, F64, F16 or BF16 {MessageText.Shape(shape)}, found {entry}.{advice}");

    private static void ReadForward(Stream stream, string file, SafetensorsPiece[] pieces, int longest, long end)
    {
        using var memory = new AlignedMemory(longest);
        byte[] rest = new byte[PieceFloats];
        long position = 0;
        foreach (SafetensorsPiece piece in pieces)
        {
            Skip(piece.Position);
            Span<float> buffer = MemoryMarshal.CreateSpan(ref memory.Reference, piece.BufferLength);
            Span<byte> bytes = piece.BytesIn(buffer);
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                throw piece.Truncated(file);
            }

            piece.Take(buffer, file);
            position = piece.Position + bytes.Length;
        }

        Skip(end);

        // Skips tensors without a target.
        void Skip(long to)
        {
            while (position < to)
            {
                int count = (int)long.Min(rest.Length, to - position);
                if (stream.ReadAtLeast(rest.AsSpan(0, count), count, throwOnEndOfStream: false) < count)
                {
                    throw new WeightsFormatException(file, null,
                        $"the file is truncated within the {MessageText.Count(end, "byte")} that the header describes.");
                }

                position += count;
            }
        }
    }

    /// <summary>Cuts a tensor into pieces of whole groups (<see cref="ISafetensorsTensor.Group"/>), unless groups are too long.</summary>
    private static IEnumerable<SafetensorsPiece> Pieces(SafetensorsEntry entry, ISafetensorsTensor? target)
    {
        int most = target is null || target.Group > MostFloats ? PieceFloats : int.Max(PieceFloats / target.Group, 1) * target.Group;
        for (int start = 0; start < target?.Length; start += most)
        {
            yield return new SafetensorsPiece(entry, target, start, int.Min(most, target.Length - start));
        }
    }
}
