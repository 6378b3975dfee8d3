using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Strata.Serving.Batching;
using Strata.Serving.Models;

namespace Strata.Serving;

/// <summary>Where a model is between its configuration and its service.</summary>
public enum ModelState
{
    /// <summary>Its weights are not in memory.</summary>
    Unloaded,

    /// <summary>Its weights are being read, checked and warmed.</summary>
    Loading,

    /// <summary>It answers requests.</summary>
    Ready,
}

/// <summary>A network under a name, with its weights and its queue.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle is never asked for has nothing to free.
public sealed partial class ServedModel
#pragma warning restore CA1001
{
    private readonly Func<NetworkOptions, CompiledNetwork> _create;
    private readonly string? _weights;
    private readonly ModelMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _changes = new(1);
    private Batcher? _batcher;

    internal ServedModel(
        string name, NetworkInfo info, Func<NetworkOptions, CompiledNetwork> create, ModelOptions options, ServedModelServices services)
    {
        (Name, Info, Options, _create) = (name, info, options, create);
        (InputLength, OutputLength, Shapes) = (Length(info.InputShape), Length(info.OutputShape), ModelShapes.Of(info));
        if (options.ClassNames is { Count: var names } && info.Outputs.All(output => Length(output.Shape) != names))
        {
            throw new ArgumentException($"Model '{name}' has {names} ClassNames, but no output of {names} numbers.", nameof(options));
        }

        _weights = options.Weights is { } weights ? Path.GetFullPath(weights, services.Root) : null;
        _metrics = new ModelMetrics(services.Metrics, name);
        (_time, _logger) = (services.Time, services.Logger);
        _metrics.ObserveQueue(() => Waiting);
    }

    /// <summary>The name under which clients ask for it.</summary>
    public string Name { get; }

    /// <summary>What was compiled: layers, shapes, parameters.</summary>
    public NetworkInfo Info { get; }

    /// <summary>The version that the protocol names.</summary>
    public string Version => Options.Version;

    /// <summary>Floats of one sample's inputs.</summary>
    public int InputLength { get; }

    /// <summary>Floats of one sample's outputs.</summary>
    public int OutputLength { get; }

    /// <summary>The most samples of a request.</summary>
    public int MaxBatch => Options.MaxBatch;

    /// <summary>Where it is between configuration and service.</summary>
    public ModelState State { get; private set; }

    /// <summary>Why the last load failed; null if it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>How often weights were loaded, from 1 with the first.</summary>
    public int Generation { get; private set; }

    /// <summary>Samples that wait in the queue.</summary>
    public int Waiting => Volatile.Read(ref _batcher)?.Waiting ?? 0;

    /// <summary>The seconds of a batch by its samples, as they were measured when the model was loaded; empty before.</summary>
    public IReadOnlyDictionary<int, double> BatchSeconds =>
        Volatile.Read(ref _batcher)?.Costs.Seconds ?? new Dictionary<int, double>();

    /// <summary>Where the model is if no load is under way.</summary>
    private ModelState StateWithoutLoad => _batcher is null ? ModelState.Unloaded : ModelState.Ready;

    internal ModelOptions Options { get; }

    /// <summary>The shapes of its tensors; those of its own size until it is loaded.</summary>
    internal ModelShapes Shapes { get; private set; }

    internal string? WeightsPath => _weights;

    /// <summary>What the file of the weights was when they were loaded; null if there was none.</summary>
    internal FileStamp? Stamp { get; private set; }

    internal ModelMetrics Metrics => _metrics;

    /// <summary>Computes the outputs of some samples, as <see cref="IInference{TNetwork}.InferAsync"/> does.</summary>
    /// <inheritdoc cref="IInference{TNetwork}.InferAsync"/>
    public ValueTask InferAsync(ReadOnlyMemory<float> inputs, Memory<float> outputs, InferenceOptions options = default,
        CancellationToken cancellation = default)
    {
        (int inputLength, int outputLength) = (InputLength, OutputLength);
        if (!options.Size.IsEmpty)
        {
            (inputLength, outputLength) = Current.With(options.Size.Span, static engine => (engine.InputLength, engine.OutputLength));
        }

        int samples = inputs.Length / inputLength;
        if (samples < 1 || samples > MaxBatch || inputs.Length != samples * inputLength)
        {
            throw new ArgumentException(
                $"Model '{Name}' takes 1 to {MaxBatch} samples of {inputLength} floats in a call, not {inputs.Length} floats.",
                nameof(inputs));
        }

        if (outputs.Length != samples * outputLength)
        {
            throw new ArgumentException(
                $"The outputs of {samples} samples are {samples * outputLength} floats; there is room for {outputs.Length}.",
                nameof(outputs));
        }

        return Current.InferAsync(inputs, outputs, samples, options, cancellation);
    }

    /// <summary>What the model takes and gives at a size of its inputs. A size that is new to the network is compiled.</summary>
    /// <exception cref="ArgumentException">The network does not take the size.</exception>
    /// <exception cref="NetworkException">The size breaks a rule of the compiler.</exception>
    /// <exception cref="NotSupportedException">The network cannot have it.</exception>
    /// <exception cref="ModelUnavailableException">The model is not loaded.</exception>
    internal NetworkInfo InfoAt(ReadOnlySpan<int> size) => Current.With(size, static engine => ((NetworkEngine)engine).Info);

    private Batcher Current => Volatile.Read(ref _batcher) ?? throw new ModelUnavailableException(
        Name, State == ModelState.Loading ? "its weights are being loaded" : "it is not loaded");

    /// <summary>
    /// Loads the weights, or loads them again: beside the old ones, which serve until the new ones are checked and warm. They are exchanged
    /// between two batches, so that no request sees both. If anything fails, the old weights go on serving.
    /// </summary>
    /// <param name="cancellation">Gives up before the exchange.</param>
    /// <returns>A task that ends when the new weights serve.</returns>
    /// <exception cref="InvalidDataException">The network computes other numbers than the check says.</exception>
    /// <exception cref="WeightsFormatException">The file of weights is damaged or does not fit the network.</exception>
    /// <exception cref="IOException">The file of weights cannot be read, or changed each time while it was read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the exchange. The model is as it was.</exception>
    public async Task LoadAsync(CancellationToken cancellation = default)
    {
        await _changes.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            Batcher? batcher = _batcher;
            State = batcher is null ? ModelState.Loading : ModelState.Ready;
            long start = _time.GetTimestamp();
            var options = new NetworkOptions
            {
                Weights = _weights,
                Seed = Options.Seed ?? 0,
                Threads = Options.Threads,
                WeightStorage = Options.WeightStorage,
            };
            NetworkEngine engine = await Task.Run(
                () => NetworkEngine.Load(_create, options, Options, batcher?.Costs, cancellation), cancellation).ConfigureAwait(false);
            if (batcher is null)
            {
                Volatile.Write(ref _batcher, new Batcher(Name, Options, engine, _metrics, _time));
            }
            else
            {
                ((IDisposable)await batcher.ExchangeAsync(engine).ConfigureAwait(false)).Dispose();
            }

            (Stamp, Shapes) = (engine.Stamp, engine.Shapes);
            Generation++;
            (State, Failure) = (ModelState.Ready, null);
            _metrics.Reload("success");
            Log.Loaded(_logger, Name, Generation, _weights ?? "seed", _time.GetElapsedTime(start).TotalMilliseconds);
            if (_weights is null && Options.Seed is null)
            {
                Log.Untrained(_logger, Name);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            State = StateWithoutLoad;
            throw;
        }
        catch (Exception e)
        {
            (State, Failure) = (StateWithoutLoad, e.Message);
            _metrics.Reload("failure");
            Log.NotLoaded(_logger, IsAboutWeights(e) ? null : e, Name,
                _batcher is null ? "it does not serve" : "the old weights go on serving", e.Message);
            throw;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Takes no more requests, answers those that wait, and frees the memory.</summary>
    /// <param name="cancellation">Gives up before the end has begun.</param>
    /// <returns>A task that ends when the memory is free.</returns>
    public async Task UnloadAsync(CancellationToken cancellation = default)
    {
        await _changes.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            State = ModelState.Unloaded;
            if (Interlocked.Exchange(ref _batcher, null) is { } batcher)
            {
                ((IDisposable)await Task.Run(batcher.Close, CancellationToken.None).ConfigureAwait(false)).Dispose();
                Log.Unloaded(_logger, Name);
            }
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Whether an exception says what is wrong with the weights. Others are faults of a program, whose stack is of use.</summary>
    internal static bool IsAboutWeights(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or InvalidDataException or FormatException;

    internal static int Length(IReadOnlyList<int> shape)
    {
        int length = 1;
        foreach (int extent in shape)
        {
            length *= extent;
        }

        return length;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Model {Model}: weights {Generation} ({Weights}) serve after {Milliseconds:F0} ms.")]
        public static partial void Loaded(ILogger logger, string model, int generation, string weights, double milliseconds);

        [LoggerMessage(
            LogLevel.Warning, "Model {Model} has no Weights and no Seed: it serves a network that was never trained.")]
        public static partial void Untrained(ILogger logger, string model);

        [LoggerMessage(LogLevel.Error, "Model {Model}: its weights were not loaded; {Consequence}. {Reason}")]
        public static partial void NotLoaded(ILogger logger, Exception? exception, string model, string consequence, string reason);

        [LoggerMessage(LogLevel.Information, "Model {Model} is unloaded.")]
        public static partial void Unloaded(ILogger logger, string model);
    }
}
