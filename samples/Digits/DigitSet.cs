using System;
using System.IO;
using System.Linq;
using Strata.Data;

namespace Digits;

/// <summary>Images of digits with their labels, as MNIST has them.</summary>
internal sealed class DigitSet(byte[] pixels, int[] labels)
{
    private const int Classes = 10;

    public int Count => labels.Length;

    public int[] Labels => labels;

    public ReadOnlySpan<byte> this[int index] => pixels.AsSpan(index * Digit.Pixels, Digit.Pixels);

    /// <summary>The images as a trainer takes them: from 0, paper, to 1.</summary>
    public float[] Inputs() => Array.ConvertAll(pixels, pixel => pixel / 255f);

    /// <summary>Sets every n-th item aside.</summary>
    public (DigitSet Kept, DigitSet Aside) Split(int every)
    {
        return (Take(i => i % every != 0), Take(i => i % every == 0));

        DigitSet Take(Func<int, bool> wanted)
        {
            int[] items = [.. Enumerable.Range(0, Count).Where(wanted)];
            byte[] taken = new byte[items.Length * Digit.Pixels];
            for (int i = 0; i < items.Length; i++)
            {
                this[items[i]].CopyTo(taken.AsSpan(i * Digit.Pixels));
            }

            return new DigitSet(taken, Array.ConvertAll(items, i => labels[i]));
        }
    }

    /// <summary>The training images: the full set's from a directory, or those that come with the program.</summary>
    public static DigitSet Training(string? directory = null) => Open("train", directory);

    public static DigitSet Test(string? directory = null) => Open("t10k", directory);

    private static DigitSet Open(string name, string? directory)
    {
        IdxFile images = Read($"{name}-images-idx3-ubyte", directory, path => IdxFile.ReadImages(path),
            (data, file) => IdxFile.ReadImages(data, file));
        int[] labels = Read($"{name}-labels-idx1-ubyte", directory, path => IdxFile.ReadLabels(path),
            (data, file) => IdxFile.ReadLabels(data, file));
        int greatest = labels.DefaultIfEmpty(-1).Max();
        if (images.Dimensions is not [> 0, Digit.Size, Digit.Size] || images.Count != labels.Length || greatest >= Classes)
        {
            throw new InvalidDataException(
                $"{directory}: '{name}' holds {string.Join('×', images.Dimensions)} pixels and {labels.Length} labels up to {greatest}; "
                + $"as many images of {Digit.Size}×{Digit.Size} pixels as labels below {Classes} were expected");
        }

        return new DigitSet(images.Data, labels);
    }

    private static T Read<T>(string name, string? directory, Func<string, T> readFile, Func<Stream, string, T> readStream)
    {
        if (directory is null)
        {
            using Stream resource = typeof(DigitSet).Assembly.GetManifestResourceStream(name + ".gz")!;
            return readStream(resource, name);
        }

        string path = Path.Combine(directory, name);
        return readFile(File.Exists(path + ".gz") ? path + ".gz" : path);
    }
}
