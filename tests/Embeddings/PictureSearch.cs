using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.AI;
using Strata.Pictures;

namespace Strata.Embeddings.Tests;

/// <summary>A search among drawn pictures: each query is one of them, changed, and the first answer should be that one.</summary>
internal sealed class PictureSearch
{
    private readonly float[][] _vectors;

    private PictureSearch(float[][] vectors, TimeSpan time) => (_vectors, Time) = (vectors, time);

    /// <summary>How long it took to draw the pictures and to make their vectors.</summary>
    public TimeSpan Time { get; }

    /// <summary>Makes the vectors of pictures.</summary>
    /// <param name="generator">What makes them.</param>
    /// <param name="pictures">How many.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<PictureSearch> OfAsync(
        IEmbeddingGenerator<Picture, Embedding<float>> generator, int pictures, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        GeneratedEmbeddings<Embedding<float>> embeddings =
            await generator.GenerateAsync(Enumerable.Range(0, pictures).Select(i => Draw(i)), cancellationToken: cancellation);
        return new PictureSearch([.. embeddings.Select(one => one.Vector.ToArray())], watch.Elapsed);
    }

    /// <summary>Searches for changed copies of some of the pictures.</summary>
    /// <param name="generator">What makes their vectors.</param>
    /// <param name="queries">How many.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>How many were found first, and how long a search took, without the query's vector.</returns>
    public async Task<(int Found, TimeSpan Time)> FindAsync(
        IEmbeddingGenerator<Picture, Embedding<float>> generator, int queries, CancellationToken cancellation)
    {
        int[] asked = [.. Enumerable.Range(0, queries).Select(i => i * (_vectors.Length / queries))];
        GeneratedEmbeddings<Embedding<float>> vectors =
            await generator.GenerateAsync(asked.Select(Change), cancellationToken: cancellation);
        var watch = Stopwatch.StartNew();
        int[] answers = [.. vectors.Select(one => Nearest(one.Vector.Span))];
        return (asked.Zip(answers).Count(pair => pair.First == pair.Second), watch.Elapsed / queries);
    }

    /// <summary>The picture whose vector has the largest product with another.</summary>
    private int Nearest(ReadOnlySpan<float> query)
    {
        (int best, float largest) = (-1, float.NegativeInfinity);
        for (int i = 0; i < _vectors.Length; i++)
        {
            float product = System.Numerics.Tensors.TensorPrimitives.Dot(_vectors[i], query);
            (best, largest) = product > largest ? (i, product) : (best, largest);
        }

        return best;
    }

    /// <summary>A few coloured boxes on a background, 160×120.</summary>
    private static Picture Draw(int seed)
    {
        var random = new Random(seed);
        var picture = new Picture(160, 120);
        for (int box = 0; box < 7; box++)
        {
            var color = new Rgb((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            (int left, int top) = box == 0 ? (0, 0) : (random.Next(130), random.Next(90));
            (int width, int height) = box == 0 ? (160, 120) : (random.Next(20, 80), random.Next(20, 60));
            for (int y = top; y < int.Min(120, top + height); y++)
            {
                picture.Row(y)[left..int.Min(160, left + width)].Fill(color);
            }
        }

        return picture;
    }

    /// <summary>The picture as somebody else may have it: smaller, a little darker, and with noise.</summary>
    private static Picture Change(int seed)
    {
        Picture picture = Draw(seed).Resize(128, 96);
        var random = new Random(~seed);
        for (int y = 0; y < picture.Height; y++)
        {
            foreach (ref Rgb pixel in picture.Row(y))
            {
                pixel = new Rgb(Level(pixel.Red), Level(pixel.Green), Level(pixel.Blue));
            }
        }

        return picture;

        byte Level(byte level) => (byte)int.Clamp((int)(0.95 * level) + random.Next(-8, 9), 0, 255);
    }
}
