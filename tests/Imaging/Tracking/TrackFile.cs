using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Runtime.InteropServices;

namespace Strata.Imaging.Tests;

/// <summary>Compares tracks with a file of make_tracks.py.</summary>
internal static class TrackFile
{
    /// <summary>Compares all sequences of a file.</summary>
    /// <returns>How many sequences and tracks in frames there are, and how far an edge is off at most, in pixels.</returns>
    /// <exception cref="InvalidDataException">An identity or a box differs; the message says which and how.</exception>
    public static (int Sequences, int Tracks, float Largest) Compare(Stream file, float bound)
    {
        using var reader = new BinaryReader(new GZipStream(file, CompressionMode.Decompress));
        (int sequences, int count, float largest) = (reader.ReadInt32(), 0, 0);
        for (int sequence = 0; sequence < sequences; sequence++)
        {
            int frames = reader.ReadInt32();
            var tracker = new ByteTracker(new ByteTrackerOptions
            {
                HighScore = reader.ReadSingle(),
                LowScore = reader.ReadSingle(),
                StartScore = reader.ReadSingle(),
                LostFrames = reader.ReadInt32(),
                FuseScores = reader.ReadInt32() != 0,
                HighDistance = reader.ReadDouble(),
                LowDistance = reader.ReadDouble(),
                ConfirmDistance = reader.ReadDouble(),
            });
            for (int frame = 0; frame < frames; frame++)
            {
                float[] rows = Floats(reader, 5 * reader.ReadInt32());
                Detection[] found = [.. rows.Chunk(5).Select(r => new Detection(new Box(r[0], r[1], r[2], r[3]), r[4], 0))];
                IReadOnlyList<Track> tracks = tracker.Update(found);
                (int Id, int Detection)[] expected = new (int, int)[reader.ReadInt32()];
                for (int i = 0; i < expected.Length; i++)
                {
                    expected[i] = (reader.ReadInt32(), reader.ReadInt32());
                }

                Box[] boxes = Box.FromTensor(Floats(reader, 4 * expected.Length));
                if (!expected.SequenceEqual(tracks.Select(t => (t.Id, t.Detection))))
                {
                    throw new InvalidDataException(
                        $"Sequence {sequence}, frame {frame}: expected (identity, detection) {string.Join(' ', expected)}, found "
                        + string.Join(' ', tracks.Select(t => (t.Id, t.Detection))));
                }

                for (int i = 0; i < boxes.Length; i++)
                {
                    float off = Box.ToTensor([boxes[i]]).Zip(Box.ToTensor([tracks[i].Box]), (a, b) => float.Abs(a - b)).Max();
                    if (!(off <= bound))
                    {
                        throw new InvalidDataException(
                            $"Sequence {sequence}, frame {frame}, track {tracks[i].Id}: expected {boxes[i]}, found {tracks[i].Box}.");
                    }

                    largest = float.Max(largest, off);
                }

                count += boxes.Length;
            }
        }

        return (sequences, count, largest);
    }

    private static float[] Floats(BinaryReader reader, int count)
    {
        float[] values = new float[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
