using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.AI;
using Strata.Imaging;
using Strata.Pictures;

namespace Strata.Embeddings;

/// <summary>
/// Makes a vector of each picture, by a network whose output is a vector. Pictures that resemble each other in what the network has learnt
/// have vectors of similar directions.
/// </summary>
/// <remarks>
/// Any number of threads may use one generator at once. A picture's vector is the same to the bit, alone or among others, in any order.
/// </remarks>
public sealed class PictureEmbeddingGenerator : IEmbeddingGenerator<Picture, Embedding<float>>
{
    private readonly CompiledNetwork _network;
    private readonly ImagePreprocessing _preprocessing;
    private readonly ImagePreprocessing _onOneThread;
    private readonly PictureEmbeddingOptions _options;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly int _dimensions;

    /// <summary>Where the vector begins among the outputs of a sample.</summary>
    private readonly int _offset;

    /// <summary>Creates a generator.</summary>
    /// <param name="network">
    /// A network with one input, (C, H, W), and an output that is a vector: (F), or with further axes of extent 1.
    /// </param>
    /// <param name="preprocessing">What makes the network's input of a picture. Channels, height and width are the network's.</param>
    /// <param name="options">How vectors are made; null for the defaults.</param>
    /// <exception cref="ArgumentException">The network's shapes do not fit, or it has no output of the name in the options.</exception>
    public PictureEmbeddingGenerator(
        CompiledNetwork network, ImagePreprocessing preprocessing, PictureEmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(preprocessing);
        (_network, _preprocessing, _options) = (network, preprocessing, options ?? new PictureEmbeddingOptions());
        _onOneThread = preprocessing with { Threads = 1 };
        CheckInput(network.Info, preprocessing);
        (_offset, _dimensions) = FindVector(network, _options);

        // Refuses numbers for the channels that do not fit, before there are pictures.
        _preprocessing.Apply(new Picture(1, 1), new float[_preprocessing.Length]);
        _metadata = new EmbeddingGeneratorMetadata(
            "strata", providerUri: null, _options.ModelId ?? network.Info.Name, defaultModelDimensions: _dimensions);
    }

    /// <summary>Makes the vectors of pictures.</summary>
    /// <remarks>
    /// The work is done on other threads. The pictures are taken from <paramref name="values"/> batch by batch, so that a sequence that
    /// reads files keeps only a batch of pictures in memory.
    /// </remarks>
    /// <param name="values">The pictures.</param>
    /// <param name="options">
    /// May name the model and its dimensions; others than this generator's are refused. Null for the defaults.
    /// </param>
    /// <param name="cancellationToken">Ends the work before the next batch.</param>
    /// <returns>An embedding for each picture, in their order.</returns>
    /// <exception cref="ArgumentException">A picture is null, or the options ask for another model or other dimensions.</exception>
    /// <exception cref="ArithmeticException">The network's output for a picture is infinite or NaN.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<Picture> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        Check(options);
        return Task.Run(() => Generate(values, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Gives the metadata (<see cref="EmbeddingGeneratorMetadata"/>), this generator, its network or its preprocessing.
    /// </summary>
    /// <param name="serviceType">The type that is asked for.</param>
    /// <param name="serviceKey">A key; nothing here has one.</param>
    /// <returns>The object, or null where there is none of this type.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null
            ? null
            : new object[] { this, _metadata, _network, _preprocessing }.FirstOrDefault(serviceType.IsInstanceOfType);
    }

    /// <summary>Disposes of the network, if the options say that it is the generator's (<see cref="PictureEmbeddingOptions"/>).</summary>
    public void Dispose()
    {
        if (_options.OwnsNetwork)
        {
            _network.Dispose();
        }
    }

    private static void CheckInput(NetworkInfo info, ImagePreprocessing preprocessing)
    {
        int[] made = [preprocessing.Channels, preprocessing.Height, preprocessing.Width];
        if (info.Inputs.Count != 1 || !info.InputShape.SequenceEqual(made))
        {
            string taken = string.Join(" and ", info.Inputs.Select(input => MessageText.Shape(input.Shape)));
            throw new ArgumentException(
                $"{info.Name} takes {taken}, but the preprocessing makes one input of {MessageText.Shape(made)}. "
                + "Give it the channels, height and width of the network.", nameof(preprocessing));
        }
    }

    /// <summary>Where the vector begins among the outputs of a sample, and its length.</summary>
    private static (int Offset, int Length) FindVector(CompiledNetwork network, PictureEmbeddingOptions options)
    {
        (NetworkInfo info, string? name) = (network.Info, options.Output);
        string names = string.Join(", ", info.Outputs.Select(output => output.Name));
        if (name is null && info.Outputs.Count != 1)
        {
            throw new ArgumentException(
                $"{info.Name} has the outputs {names}. Name the one that has the vector in {nameof(PictureEmbeddingOptions)}."
                + $"{nameof(PictureEmbeddingOptions.Output)}.", nameof(network));
        }

        int offset = 0;
        foreach (TensorInfo output in info.Outputs)
        {
            int length = output.Shape.Aggregate(1, (product, extent) => product * extent);
            if (name is null || output.Name == name)
            {
                return output.Shape[0] == length
                    ? (offset, length)
                    : throw new ArgumentException(
                        $"The output '{output.Name}' of {info.Name} is {MessageText.Shape(output.Shape)}, not a vector. "
                        + "End the network with a global pooling and [Flatten].", nameof(network));
            }

            offset += length;
        }

        throw new ArgumentException($"{info.Name} has no output '{name}'. It has: {names}.", nameof(options));
    }

    private void Check(EmbeddingGenerationOptions? options)
    {
        if (options?.Dimensions is { } dimensions && dimensions != _dimensions)
        {
            throw new ArgumentException(
                $"{_metadata.DefaultModelId} makes vectors of {_dimensions} numbers, but the options ask for {dimensions}.",
                nameof(options));
        }

        if (options?.ModelId is { } model && model != _metadata.DefaultModelId)
        {
            throw new ArgumentException(
                $"This generator's model is '{_metadata.DefaultModelId}', but the options ask for '{model}'.", nameof(options));
        }
    }

    private GeneratedEmbeddings<Embedding<float>> Generate(IEnumerable<Picture> values, CancellationToken cancellationToken)
    {
        // No larger batch than fits into an array.
        int most = int.Max(1, (int)long.Min(
            _options.BatchSize, Array.MaxLength / long.Max(_network.InputLength, _network.OutputLength)));
        GeneratedEmbeddings<Embedding<float>> result = [];
        var batch = new List<Picture>(most);
        foreach (Picture picture in values)
        {
            batch.Add(picture ?? throw new ArgumentException($"Picture {result.Count + batch.Count} is null.", nameof(values)));
            if (batch.Count == most)
            {
                Embed(batch, result, cancellationToken);
                batch.Clear();
            }
        }

        if (batch.Count > 0)
        {
            Embed(batch, result, cancellationToken);
        }

        return result;
    }

    /// <summary>Makes the vectors of a batch.</summary>
    private void Embed(List<Picture> batch, GeneratedEmbeddings<Embedding<float>> result, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        float[] inputs = ArrayPool<float>.Shared.Rent(batch.Count * _network.InputLength);
        float[] outputs = ArrayPool<float>.Shared.Rent(batch.Count * _network.OutputLength);
        try
        {
            Prepare(batch, inputs, cancellationToken);
            _network.Forward(inputs.AsSpan(0, batch.Count * _network.InputLength), outputs.AsSpan(0, batch.Count * _network.OutputLength));
            for (int i = 0; i < batch.Count; i++)
            {
                float[] vector = outputs.AsSpan((i * _network.OutputLength) + _offset, _dimensions).ToArray();
                Finish(vector, result.Count);
                result.Add(new Embedding<float>(vector) { ModelId = _metadata.DefaultModelId, CreatedAt = DateTimeOffset.UtcNow });
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(inputs);
            ArrayPool<float>.Shared.Return(outputs);
        }
    }

    /// <summary>Threads share the pictures of a batch. A picture that is alone is shared by its rows.</summary>
    private void Prepare(List<Picture> batch, float[] inputs, CancellationToken cancellationToken)
    {
        int length = _network.InputLength;
        if (batch.Count == 1)
        {
            _preprocessing.Apply(batch[0], inputs.AsSpan(0, length));
            return;
        }

        int threads = _preprocessing.Threads > 0 ? _preprocessing.Threads : Environment.ProcessorCount;
        try
        {
            Parallel.For(
                0, batch.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
                i => _onOneThread.Apply(batch[i], inputs.AsSpan(i * length, length)));
        }
        catch (AggregateException e)
        {
            // The same exception as for a picture alone.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>Checks a vector, and divides it by its length. A vector of zeros stays as it is.</summary>
    private void Finish(Span<float> vector, int index)
    {
        double squares = 0;
        foreach (float number in vector)
        {
            squares += (double)number * number;
        }

        if (!double.IsFinite(squares))
        {
            throw new ArithmeticException(
                $"The output of {_metadata.DefaultModelId} for picture {index} is infinite or NaN. Are its weights those of this network?");
        }

        if (_options.Normalize && squares > 0)
        {
            double length = double.Sqrt(squares);
            foreach (ref float number in vector)
            {
                number = (float)(number / length);
            }
        }
    }
}
