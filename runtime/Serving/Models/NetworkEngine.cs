using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.Serving.Batching;

namespace Strata.Serving.Models;

/// <summary>A network with its weights, warmed, checked and measured.</summary>
internal sealed class NetworkEngine : IBatchEngine, IDisposable
{
    private readonly CompiledNetwork _network;
    private readonly ConditionalWeakTable<CompiledNetwork, NetworkEngine> _sizes = [];

    private NetworkEngine(CompiledNetwork network, FileStamp? stamp, BatchCosts costs, ModelShapes shapes) =>
        (_network, Stamp, Costs, Shapes) = (network, stamp, costs, shapes);

    public int InputLength => _network.InputLength;

    public int OutputLength => _network.OutputLength;

    public BatchCosts Costs { get; }

    /// <summary>What the network takes and gives at this size.</summary>
    public NetworkInfo Info => _network.Info;

    /// <summary>The shapes of the tensors, for all sizes.</summary>
    public ModelShapes Shapes { get; }

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
            var shapes = ModelShapes.Of(network, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return new NetworkEngine(network, stamp, costs, shapes);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs) => _network.Forward(inputs, outputs);

    /// <summary>The engine for inputs of a size. One that is new to the network is compiled.</summary>
    /// <exception cref="ArgumentException">The network does not take the size.</exception>
    /// <exception cref="NetworkException">The size breaks a rule of the compiler.</exception>
    /// <exception cref="NotSupportedException">The network cannot have it.</exception>
    public NetworkEngine At(ReadOnlySpan<int> size)
    {
        CompiledNetwork network = size.IsEmpty ? _network : _network.At(size);
        return network == _network ? this : _sizes.GetValue(network, one => new NetworkEngine(
            one, Stamp, Costs.Scaled((double)one.Info.SampleCost / Info.SampleCost), Shapes));
    }

    IBatchEngine IBatchEngine.At(ReadOnlySpan<int> size) => At(size);

    public void Dispose() => _network.Dispose();
}
