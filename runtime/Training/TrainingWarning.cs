namespace Strata.Training;

/// <summary>
/// Something that <c>Fit</c> allows, but that is likely a mistake. It is told once, before the first step, or with the
/// first samples that show it.
/// </summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Message">One sentence or two: what was found, and what may be meant.</param>
public sealed record TrainingWarning(TrainingWarningKind Kind, string Message)
{
    /// <summary>The message.</summary>
    public override string ToString() => Message;
}

/// <summary>What a <see cref="TrainingWarning"/> is about.</summary>
public enum TrainingWarningKind
{
    /// <summary>
    /// Samples do not suit the constants of <see cref="NormalizeAttribute"/>: values of 0 to 255, say, where 0 to 1 are expected.
    /// </summary>
    InputRange,

    /// <summary>The schedule's length does not suit the training's: it ends early, or its end is far off.</summary>
    ScheduleLength,

    /// <summary>
    /// Training goes on from a checkpoint with another learning rate than it had there, since the schedule's length
    /// follows the number of epochs.
    /// </summary>
    LearningRateJump,

    /// <summary>An option has no effect on these data.</summary>
    OptionWithoutEffect,
}
