namespace Strata.Training;

/// <summary>
/// Something that training allows, but that is likely a mistake. It is reported once: before the first step, or with the first samples
/// that show it.
/// </summary>
/// <param name="Kind">What the warning is about.</param>
/// <param name="Message">One sentence or two: what was found, and what was probably meant.</param>
public sealed record TrainingWarning(TrainingWarningKind Kind, string Message)
{
    /// <summary>The message.</summary>
    public override string ToString() => Message;
}

/// <summary>What a <see cref="TrainingWarning"/> is about.</summary>
public enum TrainingWarningKind
{
    /// <summary>
    /// Samples do not suit the constants of <see cref="NormalizeAttribute"/>, or the first layer with weights if there are none: values of
    /// 0 to 255 where 0 to 1 is expected, for example.
    /// </summary>
    InputRange,

    /// <summary>The schedule is over before training is, or training ends in the schedule's first half.</summary>
    ScheduleLength,

    /// <summary>
    /// Training continues from a checkpoint with another learning rate than it had there. The schedule's length follows the number of
    /// epochs, which has changed.
    /// </summary>
    LearningRateJump,

    /// <summary>An option has no effect on these data.</summary>
    OptionWithoutEffect,

    /// <summary>The learning rate is larger than the optimizer is ever used with, or the loss explodes.</summary>
    LearningRate,
}
