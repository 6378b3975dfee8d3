using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata.Imaging;

/// <summary>
/// CIFAR-10 and CIFAR-100 in their binary version (Krizhevsky 2009): for each picture one or two labels, then 3,072 bytes, red, green,
/// blue, row by row.
/// </summary>
public static class CifarFile
{
    private const int Side = 32, Pixels = 3 * Side * Side;

    /// <summary>The classes of CIFAR-10.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Reads files of CIFAR-10: <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c>, or <c>test_batch.bin</c>.</summary>
    /// <param name="paths">The files.</param>
    /// <returns>Pictures of 3×32×32, with values from 0 to 1.</returns>
    /// <exception cref="InvalidDataException">A file is not whole pictures, or has a label of 10 or more.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LabeledData Read(params IReadOnlyList<string> paths) => Read(paths, labels: 1, classes: 10, ClassNames);

    /// <summary>Reads files of CIFAR-100: <c>train.bin</c> or <c>test.bin</c>, with the fine label of each picture.</summary>
    /// <param name="paths">The files.</param>
    /// <returns>Pictures of 3×32×32, with values from 0 to 1, of 100 classes.</returns>
    /// <exception cref="InvalidDataException">A file is not whole pictures, or has a label of 100 or more.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LabeledData Read100(params IReadOnlyList<string> paths) =>
        Read(paths, labels: 2, classes: 100, [.. Enumerable.Range(0, 100).Select(c => $"{c}")]);

    private static LabeledData Read(IReadOnlyList<string> paths, int labels, int classes, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(paths);
        int record = labels + Pixels;
        byte[][] files = [.. paths.Select(File.ReadAllBytes)];
        for (int i = 0; i < files.Length; i++)
        {
            if (files[i].Length % record != 0)
            {
                throw new InvalidDataException(
                    $"{paths[i]}: {files[i].Length:N0} bytes are no whole number of pictures of {record:N0} bytes.");
            }
        }

        int count = files.Sum(f => f.Length / record), next = 0;
        float[] inputs = new float[count * Pixels];
        int[] targets = new int[count];
        for (int i = 0; i < files.Length; i++)
        {
            for (int at = 0; at < files[i].Length; at += record, next++)
            {
                targets[next] = files[i][at + labels - 1] is var label && label < classes ? label : throw new InvalidDataException(
                    $"{paths[i]}: the picture at byte {at:N0} has the label {label}; labels are 0 to {classes - 1}.");
                for (int p = 0; p < Pixels; p++)
                {
                    inputs[(next * Pixels) + p] = files[i][at + labels + p] / 255f;
                }
            }
        }

        return new LabeledData(inputs, targets, [3, Side, Side], names);
    }
}
