namespace Strata;

/// <summary>
/// Which trainer suits a network's losses. The generator compiles this file as well: it writes the trainer's name into the network's class.
/// </summary>
internal static class TrainerName
{
    /// <summary>For a loss that the caller computes. Its step has no typed targets.</summary>
    public const string Plain = "Trainer";

    public const string Classification = "ClassificationTrainer";

    public const string Regression = "RegressionTrainer";

    public const string MultiTask = "MultiTaskTrainer";

    /// <summary>The trainer whose step takes the targets of the losses; null if the network has no loss.</summary>
    /// <param name="takesClasses">Whether a loss takes class indices.</param>
    /// <param name="takesValues">Whether a loss takes values.</param>
    /// <param name="hasExternalLoss">Whether the caller computes a loss.</param>
    public static string? For(bool takesClasses, bool takesValues, bool hasExternalLoss) => (takesClasses, takesValues) switch
    {
        (true, true) => MultiTask,
        (true, false) => Classification,
        (false, true) => Regression,
        _ => hasExternalLoss ? Plain : null,
    };
}
