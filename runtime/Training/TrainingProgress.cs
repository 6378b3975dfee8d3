namespace Strata.Training;

/// <summary>How far training is, which the trainers of all sizes of a network have in common. One call at a time uses it.</summary>
internal sealed class TrainingProgress
{
    /// <summary>Updates done so far.</summary>
    public long Updates { get; set; }

    /// <summary>The number of forward passes in training mode so far.</summary>
    public long Passes { get; set; }

    /// <summary>Norm of all gradients at the last update, before clipping.</summary>
    public double GradientNorm { get; set; }

    /// <summary>How often parameters and the optimizer's state were changed.</summary>
    public long Changes { get; private set; }

    /// <summary>The size that has changed them last; null before the first change.</summary>
    public TrainerSteps? Newest { get; private set; }

    /// <summary>Notes that a size has changed parameters and state.</summary>
    /// <returns>The new number of changes.</returns>
    public long Changed(TrainerSteps by)
    {
        Newest = by;
        return ++Changes;
    }
}
