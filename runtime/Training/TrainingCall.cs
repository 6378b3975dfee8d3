namespace Strata.Training;

/// <summary>
/// What one call of <see cref="TrainingPass.ComputeGradients"/> works on, or one of <see cref="TrainingPass.Forward"/> with its backward.
/// </summary>
internal unsafe struct TrainingCall
{
    public TrainingBatch Batch;

    /// <summary>The number of forward passes before this one.</summary>
    public long Number;

    public int Blocks;

    /// <summary>Whether all blocks are in memory at once. Otherwise each thread has an arena for its block.</summary>
    public bool KeepsBlocks;

    /// <summary>Whether batch norm's numbers are summed over all processes.</summary>
    public bool SharesStatistics;

    /// <summary>Whether the buckets of gradients are summed over all processes.</summary>
    public bool SumsBuckets;

    /// <summary>Whether gradients of large weights may be deferred until they are used.</summary>
    public bool MayDefer;

    public OutputWork Work;

    /// <summary>Receives the outputs of <see cref="OutputWork.Output"/>.</summary>
    public float* Outputs;

    /// <summary>The gradient that <see cref="OutputWork.OutputGradient"/> takes.</summary>
    public float* OutputGradient;

    /// <summary>Receives the gradient of the inputs; null if the caller has not asked for it.</summary>
    public float* InputGradient;

    public readonly int ArenaOf(int block, int participant) => KeepsBlocks ? block : participant;

    public readonly int SamplesOf(int block, int lanes) => int.Min(lanes, Batch.Samples - (block * lanes));
}

/// <summary>What the step between forward and backward does.</summary>
internal enum OutputWork
{
    Loss,
    Output,
    OutputGradient,
}
