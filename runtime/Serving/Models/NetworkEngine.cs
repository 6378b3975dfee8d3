using System;
using System.IO;
using System.Threading;
using Strata.Serving.Batching;

namespace Strata.Serving.Models;

/// <summary>A network with its weights, warmed, checked and measured.</summary>
internal sealed class NetworkEngine : IBatchEngine, IDisposable
{
    private readonly CompiledNetwork _network;

    private NetworkEngine(CompiledNetwork network, FileStamp? stamp, BatchCosts costs) =>
        (_network, Stamp, Costs) = (network, stamp, costs);

    public int InputLength => _network.InputLength;

    public int OutputLength => _network.OutputLength;

    public BatchCosts Costs { get; }

    /// <summary>What the file of its weights was; null if there was none.</summary>
    public FileStamp? Stamp { get; }

    /// <summary>Loads a network.</summary>
    /// <param name="create">Creates an instance.</param>
    /// <param name="options">What the instance needs.</param>
    /// <param name="model">How it is served.</param>
    /// <param name="costs">What another instance of the network measured; null measures anew.</param>
    /// <param name="cancellation">Gives up between two steps.</param>
    /// <exception cref="InvalidDataException">It computes other numbers than the check says.</exception>
    /// <exception cref="WeightsFormatException">The file of weights is damaged or does not fit the network.</exception>
    /// <exception cref="IOException">The file of weights cannot be read, or changes again and again.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static NetworkEngine Load(
        Func<NetworkOptions, CompiledNetwork> create, NetworkOptions options, ModelOptions model, BatchCosts? costs,
        CancellationToken cancellation)
    {
        (CompiledNetwork network, FileStamp? stamp) = options.Weights is { } path
            ? WeightsFile.Read(path, () => create(options), cancellation) : (create(options), null);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            ModelCheck check = model.Check ?? new ModelCheck(new float[network.InputLength]);
            check.Run(network);
            cancellation.ThrowIfCancellationRequested();
            costs ??= BatchCosts.Measure(network, model.MaxBatch);
            cancellation.ThrowIfCancellationRequested();
            return new NetworkEngine(network, stamp, costs);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs) => _network.Forward(inputs, outputs);

    public void Dispose() => _network.Dispose();
}
