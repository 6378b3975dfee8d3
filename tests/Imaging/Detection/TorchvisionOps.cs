using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Runtime.InteropServices;

namespace Strata.Imaging.Tests;

/// <summary>Compares boxes with what torchvision computed: a file of torchvision_ops.py.</summary>
internal static class TorchvisionOps
{
    /// <summary>
    /// Regions are sums of up to 4 · 100 products, which torchvision adds in another order: 100 roundings of the largest summand.
    /// </summary>
    private const float RegionBound = 100 * 6e-8f;

    /// <summary>Compares all cases of a file.</summary>
    /// <returns>Their number.</returns>
    /// <exception cref="InvalidDataException">A case differs; the message says which and how.</exception>
    public static int Compare(Stream file)
    {
        using var reader = new BinaryReader(new GZipStream(file, CompressionMode.Decompress));
        int cases = reader.ReadInt32();
        for (int i = 0; i < cases; i++)
        {
            CompareBoxes(reader, i);
            CompareRegion(reader, i);
        }

        return cases;
    }

    private static void CompareBoxes(BinaryReader reader, int number)
    {
        int count = reader.ReadInt32();
        Box[] boxes = Box.FromTensor(Floats(reader, 4 * count));
        float[] scores = Floats(reader, count);
        int[] classes = Integers(reader, count);
        double threshold = reader.ReadSingle();
        Equal(Integers(reader, reader.ReadInt32()), NonMaximumSuppression.Keep(boxes, scores, threshold), number, "nms");
        Equal(
            Integers(reader, reader.ReadInt32()), NonMaximumSuppression.KeepPerClass(boxes, scores, classes, threshold), number,
            "batched_nms");
        float[] overlaps = [.. boxes.SelectMany(a => boxes.Select(b => a.IntersectionOverUnion(b)))];
        Equal(Floats(reader, count * count), overlaps, number, "box_iou");
        float[] generalized = [.. boxes.SelectMany(a => boxes.Select(b => a.GeneralizedIntersectionOverUnion(b)))];
        Equal(Floats(reader, count * count), generalized, number, "generalized_box_iou");
    }

    private static void CompareRegion(BinaryReader reader, int number)
    {
        int[] shape = Integers(reader, 3);
        float[] maps = Floats(reader, shape[0] * shape[1] * shape[2]);
        Box box = Box.FromTensor(Floats(reader, 4))[0];
        int[] settings = Integers(reader, 4);
        var align = new RoiAlign(settings[0], settings[1])
        {
            SamplingRatio = settings[2],
            Aligned = settings[3] != 0,
            SpatialScale = reader.ReadSingle(),
        };
        float[] expected = Floats(reader, shape[0] * settings[0] * settings[1]), found = align.Read(maps, shape, box);
        float bound = RegionBound * maps.Max(float.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(float.Abs(expected[i] - found[i]) <= bound))
            {
                throw new InvalidDataException(
                    $"Case {number}, roi_align, cell {i}: expected {expected[i]:R}, found {found[i]:R}; {align}");
            }
        }
    }

    private static void Equal<T>(T[] expected, T[] found, int number, string name)
    {
        if (!expected.SequenceEqual(found))
        {
            throw new InvalidDataException(
                $"Case {number}, {name}: expected {string.Join(' ', expected)}, found {string.Join(' ', found)}.");
        }
    }

    private static float[] Floats(BinaryReader reader, int count)
    {
        float[] values = new float[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static int[] Integers(BinaryReader reader, int count)
    {
        int[] values = new int[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
