using System;
using System.Globalization;

namespace Strata.Training;

/// <summary>Options of <see cref="Trainer.Distribute"/>. All ranks give the same.</summary>
public sealed record DistributedOptions
{
    /// <summary>
    /// Whether batch norm takes the mean and variance of a batch over all ranks (PyTorch's <c>SyncBatchNorm</c>). Then the result does not
    /// depend on the number of ranks. Each such layer waits for all ranks, twice in a step. Default false: each rank takes those of its own
    /// samples, and the running statistics are the means over the ranks, weighted by their samples.
    /// </summary>
    public bool SyncBatchNorm { get; init; }

    /// <summary>
    /// The fewest gradients that are summed in one operation while backward goes on, 1 or more; null (the default) for 262,144, which is
    /// 1 MiB. The sums of smaller buckets begin earlier, but each operation takes some time of its own.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? BucketSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(value));
            field = value;
        }
    }

    /// <summary>
    /// Whether <c>Fit</c> compares its data between the ranks: a hash of all targets and of 64 samples; of data that are read piece by
    /// piece, of the first step of each epoch. Default true. Ranks with other data would train without an error on a mixture of both.
    /// </summary>
    public bool CompareData { get; init; } = true;

    /// <summary>
    /// How long <see cref="Trainer.Distribute"/> waits until all ranks have called it. Then it ends the job with a message that names those
    /// that have not. Default: 5 minutes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than 0, or longer than 24 days.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = value > TimeSpan.Zero && value.TotalMilliseconds <= int.MaxValue
            ? value : throw new ArgumentOutOfRangeException(nameof(Timeout), value, "Must be more than 0, and at most 24 days.");
    } = TimeSpan.FromMinutes(5);

    /// <summary>How the learning rate depends on the size of the batch. Null (the default): it does not.</summary>
    public LinearScaling? LearningRateScaling { get; init; }

    /// <summary>The settings as text, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(DistributedOptions), PrintMembers);
}

/// <summary>
/// Multiplies the learning rate by k, if the batch of all ranks is k times as large as the one for which the rate was chosen. The factor
/// rises from 1 to k during a warm-up (Goyal et al. 2017, "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", sections 2.1 and
/// 2.2).
/// </summary>
/// <remarks>
/// <code>
/// // 0.1 is right for batches of 256; warm up for 5 epochs, as in the paper.
/// trainer.Distribute(world, new DistributedOptions { LearningRateScaling = new LinearScaling(256) { WarmupSteps = 5 * stepsPerEpoch } });
/// </code>
/// A schedule works as before: the factor multiplies its rates. Batches that <see cref="FitOptions.Accumulate"/> joins are not counted.
/// <see cref="FitProgress.LearningRate"/> is the product.
/// </remarks>
public sealed record LinearScaling
{
    /// <summary>Creates the rule.</summary>
    /// <param name="referenceBatch">The batch size for which the optimizer's learning rate was chosen, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public LinearScaling(int referenceBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(referenceBatch, 1);
        ReferenceBatch = referenceBatch;
    }

    /// <summary>The batch size for which the optimizer's learning rate was chosen.</summary>
    public int ReferenceBatch { get; }

    /// <summary>The updates during which the factor rises, 0 or more. Default 0: the factor is k from the beginning.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int WarmupSteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(value));
            field = value;
        }
    }

    /// <summary>The settings as text, the same in every culture.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"LinearScaling({ReferenceBatch}), WarmupSteps = {WarmupSteps}");

    /// <summary>The factor of the learning rate.</summary>
    /// <param name="batch">Samples of a batch of all ranks.</param>
    /// <param name="updates">Updates done before this one.</param>
    internal double FactorOf(long batch, long updates)
    {
        double k = (double)batch / ReferenceBatch;
        return updates >= WarmupSteps ? k : 1 + ((k - 1) * updates / WarmupSteps);
    }
}
