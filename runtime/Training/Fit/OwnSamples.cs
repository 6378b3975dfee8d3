namespace Strata.Training;

/// <summary>Which samples of an epoch a process reads, if processes train together on data that can leave samples out.</summary>
/// <param name="world">The processes.</param>
/// <param name="samples">Samples of an epoch that are trained on.</param>
/// <param name="samplesPerStep">Samples of a step.</param>
/// <param name="batchSize">Samples of a batch of all processes.</param>
/// <param name="mixes">Whether each sample is mixed with the one before it in its batch.</param>
internal sealed class OwnSamples(TrainingWorld world, long samples, int samplesPerStep, long batchSize, bool mixes)
{
    /// <summary>Samples at the beginning that were trained on before.</summary>
    public long Skipped { get; init; }

    /// <summary>Whether the process needs the sample at a position of the epoch.</summary>
    public bool Contains(int position)
    {
        if (position < Skipped || position >= samples)
        {
            return false;
        }

        int step = position / samplesPerStep * samplesPerStep;
        long batch = step + ((position - step) / batchSize * batchSize);
        int length = (int)long.Min(batchSize, long.Min(samples, step + (long)samplesPerStep) - batch);
        (int first, int count) = world.ShareOf(length).GetOffsetAndLength(length);
        int place = (int)(position - batch), before = (first > 0 ? first : length) - 1;
        return (place >= first && place < first + count) || (mixes && place == before);
    }
}
