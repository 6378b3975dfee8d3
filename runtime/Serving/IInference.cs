using System;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Serving;

/// <summary>
/// A served network for code in the same process. Concurrent calls become batches; a call's outputs have the same bits as those of
/// <see cref="CompiledNetwork.Forward"/> alone. Register the network with <c>AddModel</c>, and take this service where you need it.
/// If a class serves several models, take it as a keyed service by the model's name.
/// </summary>
/// <typeparam name="TNetwork">The class of the network.</typeparam>
public interface IInference<TNetwork> where TNetwork : CompiledNetwork, INetwork<TNetwork>
{
    /// <summary>Floats of one sample's inputs.</summary>
    int InputLength { get; }

    /// <summary>Floats of one sample's outputs.</summary>
    int OutputLength { get; }

    /// <summary>Computes the outputs of some samples. Once warm, a call allocates nothing, unless it can end early.</summary>
    /// <param name="inputs">One to <see cref="ModelOptions.MaxBatch"/> samples, one after the other (N, C, H, W). The memory must stay as
    /// it is until the call has ended.</param>
    /// <param name="outputs">Receives the samples' outputs, one after the other.</param>
    /// <param name="options">Priority and the longest time in the queue.</param>
    /// <param name="cancellation">Takes the call out of the queue. A call that is being computed is not cancelled any more.</param>
    /// <returns>A task that ends when the outputs are written.</returns>
    /// <exception cref="ArgumentException">The lengths are not those of 1 to <see cref="ModelOptions.MaxBatch"/> samples.</exception>
    /// <exception cref="QueueFullException">Too many samples wait already.</exception>
    /// <exception cref="InferenceTimeoutException">The call waited longer than it may.</exception>
    /// <exception cref="ModelUnavailableException">The model is not loaded.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled while it waited.</exception>
    ValueTask InferAsync(ReadOnlyMemory<float> inputs, Memory<float> outputs, InferenceOptions options = default,
        CancellationToken cancellation = default);
}
