using System;

namespace Strata.Training;

/// <summary>Parameters that <c>Fit</c> keeps beside the network's own, in the same layout.</summary>
/// <param name="Best">Those of the best epoch, if they are kept.</param>
/// <param name="Average">The averages of the parameters; null if there are none.</param>
internal readonly record struct FitMemory(AlignedMemory? Best, AlignedMemory? Average) : IDisposable
{
    /// <summary>Memory for what a state says that there is. The caller disposes of it.</summary>
    public static FitMemory For(FitState state, CompiledNetwork network) => new(
        state.HasBest ? network.Memory.Copy() : null, state.HasAverage ? network.Memory.Copy() : null);

    public void Dispose()
    {
        Best?.Dispose();
        Average?.Dispose();
    }
}
