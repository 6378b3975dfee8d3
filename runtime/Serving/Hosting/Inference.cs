using System;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Serving.Hosting;

/// <summary>A model for code in the same process.</summary>
internal sealed class Inference<TNetwork>(ServedModel model) : IInference<TNetwork> where TNetwork : CompiledNetwork, INetwork<TNetwork>
{
    public int InputLength => model.InputLength;

    public int OutputLength => model.OutputLength;

    public ValueTask InferAsync(
        ReadOnlyMemory<float> inputs, Memory<float> outputs, InferenceOptions options = default,
        CancellationToken cancellation = default) =>
        model.InferAsync(inputs, outputs, options, cancellation);
}
