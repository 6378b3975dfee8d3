using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.AI;
using Strata.Imaging;
using Strata.Pictures;
using Xunit;

namespace Strata.Embeddings.Tests;

/// <summary>Pictures become vectors.</summary>
public sealed class PictureEmbeddingGeneratorTests
{
    private static readonly ImagePreprocessing ToInput = new(32, 32) { Mean = [0.5f, 0.5f, 0.5f], Std = [0.25f, 0.25f, 0.25f] };

    private static readonly PictureEmbeddingOptions Raw = new() { Normalize = false };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(37, 16)]
    [InlineData(5, 1)]
    [InlineData(3, 1000)]
    public async Task A_vector_is_what_the_network_makes_of_the_prepared_picture(int pictures, int batch)
    {
        using var net = new Encoder(seed: 1);
        using var generator = new PictureEmbeddingGenerator(net, ToInput, Raw with { BatchSize = batch });
        Picture[] values = [.. Enumerable.Range(0, pictures).Select(Draw)];
        GeneratedEmbeddings<Embedding<float>> found = await generator.GenerateAsync(values, cancellationToken: Cancellation);
        Assert.Equal(pictures, found.Count);
        float[] input = new float[Encoder.InputLength], expected = new float[Encoder.OutputLength];
        foreach ((Picture picture, Embedding<float> embedding) in values.Zip(found))
        {
            ToInput.Apply(picture, input);
            net.Forward(input, expected);
            Assert.Equal(expected, embedding.Vector.ToArray());
            Assert.Equal(("Encoder", 24), (embedding.ModelId, embedding.Dimensions));
        }
    }

    [Fact]
    public async Task Without_another_word_vectors_have_the_length_1()
    {
        using var net = new Encoder(seed: 1);
        using PictureEmbeddingGenerator raw = new(net, ToInput, Raw), unit = new(net, ToInput);
        float[] expected = (await raw.GenerateVectorAsync(Draw(1), cancellationToken: Cancellation)).ToArray();
        float[] found = (await unit.GenerateVectorAsync(Draw(1), cancellationToken: Cancellation)).ToArray();
        double length = Math.Sqrt(expected.Sum(number => (double)number * number));
        Assert.Equal(1, found.Sum(number => (double)number * number), 1e-6);
        Assert.Equal(expected.Select(number => (float)(number / length)), found);
    }

    [Fact]
    public async Task A_vector_of_zeros_stays_zero()
    {
        using var net = new Encoder(seed: 1);
        net.FindParameter("dense1.weight")!.CopyFrom(new float[24 * 512]);
        net.FindParameter("dense1.bias")!.CopyFrom(new float[24]);
        using var generator = new PictureEmbeddingGenerator(net, ToInput);
        Assert.Equal(new float[24], (await generator.GenerateVectorAsync(Draw(1), cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task Pictures_are_taken_batch_by_batch()
    {
        using var net = new Encoder(seed: 1);
        using var generator = new PictureEmbeddingGenerator(net, ToInput, new PictureEmbeddingOptions { BatchSize = 4 });
        var alive = new List<WeakReference>();
        await generator.GenerateAsync(Sequence(), cancellationToken: Cancellation);
        Assert.Equal(100, alive.Count);

        IEnumerable<Picture> Sequence()
        {
            for (int i = 0; i < 100; i++)
            {
                if (i == 99)
                {
                    GC.Collect();
                    Assert.InRange(alive.Count(one => one.IsAlive), 0, 16);
                }

                Picture picture = Draw(i);
                alive.Add(new WeakReference(picture));
                yield return picture;
            }
        }
    }

    [Fact]
    public async Task Any_threads_get_the_same_bits_at_once()
    {
        using var net = new Encoder(seed: 1);
        using var generator = new PictureEmbeddingGenerator(net, ToInput, new PictureEmbeddingOptions { BatchSize = 3 });
        Picture[] pictures = [.. Enumerable.Range(0, 10).Select(Draw)];
        GeneratedEmbeddings<Embedding<float>> first = await generator.GenerateAsync(pictures, cancellationToken: Cancellation);
        float[][] expected = [.. first.Select(e => e.Vector.ToArray())];
        await Parallel.ForAsync(0, 40, Cancellation, async (i, cancellation) =>
        {
            int start = i % 7;
            GeneratedEmbeddings<Embedding<float>> found = await generator.GenerateAsync(pictures[start..], null, cancellation);
            Assert.Equal(expected[start..], found.Select(e => e.Vector.ToArray()));
        });
    }

    [Fact]
    public async Task Cancellation_ends_the_work_before_the_next_batch()
    {
        using var net = new Encoder(seed: 1);
        using var generator = new PictureEmbeddingGenerator(net, ToInput, new PictureEmbeddingOptions { BatchSize = 2 });
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        int taken = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(Sequence(), null, source.Token));
        Assert.Equal(8, taken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync([Draw(1)], null, source.Token));

        IEnumerable<Picture> Sequence()
        {
            while (true)
            {
                if (++taken == 7)
                {
                    source.Cancel();
                }

                yield return Draw(taken);
            }
        }
    }

    [Fact]
    public async Task Metadata_and_services_are_found()
    {
        using var net = new Encoder(seed: 1);
        using var generator = new PictureEmbeddingGenerator(net, ToInput, new PictureEmbeddingOptions { ModelId = "encoder-7" });
        var metadata = generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.Equal(("strata", "encoder-7", 24), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(generator, generator.GetService(typeof(IEmbeddingGenerator<Picture, Embedding<float>>)));
        Assert.Same(net, generator.GetService(typeof(CompiledNetwork)));
        Assert.Same(ToInput, generator.GetService(typeof(ImagePreprocessing)));
        Assert.Null(generator.GetService(typeof(string)));
        Assert.Null(generator.GetService(typeof(CompiledNetwork), "key"));
        Assert.Equal("encoder-7", (await generator.GenerateAsync(Draw(1), cancellationToken: Cancellation)).ModelId);
        Assert.Empty(await generator.GenerateAsync([], cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Another_model_and_other_dimensions_are_refused()
    {
        using var net = new Encoder(seed: 1);
        using var generator = new PictureEmbeddingGenerator(net, ToInput);
        var same = new EmbeddingGenerationOptions { Dimensions = 24, ModelId = "Encoder" };
        Assert.Single(await generator.GenerateAsync([Draw(1)], same, Cancellation));
        var e = await Assert.ThrowsAsync<ArgumentException>(
            "options", () => generator.GenerateAsync([Draw(1)], new EmbeddingGenerationOptions { Dimensions = 16 }, Cancellation));
        Assert.StartsWith("Encoder makes vectors of 24 numbers, but the options ask for 16.", e.Message);
        e = await Assert.ThrowsAsync<ArgumentException>(
            "options", () => generator.GenerateAsync([Draw(1)], new EmbeddingGenerationOptions { ModelId = "clip" }, Cancellation));
        Assert.StartsWith("This generator's model is 'Encoder', but the options ask for 'clip'.", e.Message);
    }

    [Fact]
    public async Task Bad_pictures_and_outputs_are_named()
    {
        using var net = new Encoder(seed: 1);
        using var generator = new PictureEmbeddingGenerator(net, ToInput, new PictureEmbeddingOptions { BatchSize = 2 });
        var e = await Assert.ThrowsAsync<ArgumentException>(
            "values", () => generator.GenerateAsync([Draw(1), Draw(2), Draw(3), null!], cancellationToken: Cancellation));
        Assert.StartsWith("Picture 3 is null.", e.Message);

        float[] bias = new float[24];
        bias[7] = float.NaN;
        net.FindParameter("dense1.bias")!.CopyFrom(bias);
        var damaged = await Assert.ThrowsAsync<ArithmeticException>(
            () => generator.GenerateAsync([Draw(1)], cancellationToken: Cancellation));
        Assert.StartsWith("The output of Encoder for picture 0 is infinite or NaN.", damaged.Message);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        Refused("preprocessing", "Encoder takes (3, 32, 32), but the preprocessing makes one input of (3, 32, 48).",
            () => new PictureEmbeddingGenerator(new Encoder(seed: 1), new ImagePreprocessing(48, 32)));
        Refused("preprocessing", "GreyEncoder takes (1, 16, 20), but the preprocessing makes one input of (3, 16, 20).",
            () => new PictureEmbeddingGenerator(new GreyEncoder(seed: 1), new ImagePreprocessing(20, 16)));
        Refused("network", "The output 'output' of Maps is (4, 30, 30), not a vector.",
            () => new PictureEmbeddingGenerator(new Maps(seed: 1), ToInput));
        Refused("network", "TwoOutputs has the outputs maps, features. Name the one",
            () => new PictureEmbeddingGenerator(new TwoOutputs(seed: 1), ToInput));
        Refused("options", "TwoOutputs has no output 'vector'. It has: maps, features.",
            () => new PictureEmbeddingGenerator(new TwoOutputs(seed: 1), ToInput, new PictureEmbeddingOptions { Output = "vector" }));
        Assert.Throws<ArgumentException>(() => new PictureEmbeddingGenerator(new Encoder(seed: 1), ToInput with { Mean = [0] }));
        Assert.Throws<ArgumentOutOfRangeException>("BatchSize", () => new PictureEmbeddingOptions { BatchSize = 0 });

        static void Refused(string argument, string message, Func<object> create) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(argument, create).Message);
    }

    [Fact]
    public async Task A_vector_may_have_axes_of_1_and_be_one_of_several_outputs()
    {
        using var grey = new PictureEmbeddingGenerator(new GreyEncoder(seed: 1), new ImagePreprocessing(20, 16) { Grayscale = true });
        Assert.Equal(6, (await grey.GenerateVectorAsync(Draw(1), cancellationToken: Cancellation)).Length);

        using var net = new TwoOutputs(seed: 1);
        using var second = new PictureEmbeddingGenerator(net, ToInput, Raw with { Output = "features" });
        float[] input = new float[TwoOutputs.InputLength], outputs = new float[TwoOutputs.OutputLength];
        ToInput.Apply(Draw(1), input);
        net.Forward(input, outputs);
        Assert.Equal(outputs[^4..], (await second.GenerateVectorAsync(Draw(1), cancellationToken: Cancellation)).ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_network_ends_with_the_generator_only_if_the_options_say_so(bool owns)
    {
        using var net = new Encoder(seed: 1);
        new PictureEmbeddingGenerator(net, ToInput, new PictureEmbeddingOptions { OwnsNetwork = owns }).Dispose();
        Exception? thrown = Record.Exception(() => net.Forward(new float[Encoder.InputLength], new float[24]));
        Assert.Equal(owns, thrown is ObjectDisposedException);
    }

    /// <summary>A slice of what tests/Soak does with 10,000 pictures.</summary>
    [Fact]
    public async Task A_changed_picture_finds_the_one_that_it_was()
    {
        using var net = new Encoder(seed: 1);
        using var generator = new PictureEmbeddingGenerator(net, ToInput);
        PictureSearch search = await PictureSearch.OfAsync(generator, pictures: 400, Cancellation);
        Assert.InRange((await search.FindAsync(generator, queries: 100, Cancellation)).Found, 97, 100);
    }

    private static Picture Draw(int seed)
    {
        var random = new Random(seed);
        var picture = new Picture(40 + (seed % 9), 36);
        for (int y = 0; y < picture.Height; y++)
        {
            foreach (ref Rgb pixel in picture.Row(y))
            {
                pixel = new Rgb((byte)random.Next(256), (byte)(6 * y), (byte)random.Next(100));
            }
        }

        return picture;
    }
}
