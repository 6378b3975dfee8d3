using System;
using System.Collections.Generic;
using System.Threading;

namespace Strata.Training;

/// <summary>
/// Data that are read piece by piece, and that can leave out the inputs of some samples. If processes train together
/// (<see cref="Trainer.Distribute"/>), <c>Fit</c> asks each of them for its own samples only. Data without this interface are read whole
/// by each process.
/// </summary>
public interface ISkippableSamples : IAsyncEnumerable<SampleBatch>
{
    /// <summary>Samples of an epoch.</summary>
    int Count { get; }

    /// <summary>
    /// Extents of one sample, such as (C, H, W), which <c>Fit</c> compares with the network's input; null (the default) if they are not
    /// known.
    /// </summary>
    IReadOnlyList<int>? SampleShape => null;

    /// <summary>
    /// Reads an epoch. All processes get the same samples in the same order, with the same targets. The inputs of samples that are not
    /// wanted may hold any numbers.
    /// </summary>
    /// <param name="isWanted">Whether the inputs at a position of the epoch, counted from 0, are wanted. Any thread may call it.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    IAsyncEnumerator<SampleBatch> GetAsyncEnumerator(Func<int, bool> isWanted, CancellationToken cancellationToken);
}
