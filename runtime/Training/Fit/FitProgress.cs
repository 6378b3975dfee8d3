using System.Globalization;

namespace Strata.Training;

/// <summary>How far <c>Fit</c> has come. Reported after every step, and once more at the end of an epoch, after its validation.</summary>
/// <param name="Epoch">Number of the epoch, counted from 1.</param>
/// <param name="Epochs">Number of epochs.</param>
/// <param name="Step">Steps done in this epoch, counted from 1.</param>
/// <param name="StepsPerEpoch">
/// Steps per epoch. For data that are read piece by piece, the number is not known in the first epoch; it is 0 then.
/// </param>
/// <param name="Loss">Mean loss of the epoch's samples so far.</param>
/// <param name="LearningRate">The rate of the last step.</param>
/// <param name="SamplesPerSecond">
/// Training speed in this epoch. The time includes waiting for data. It does not include validation, checkpoints and the code that receives
/// reports.
/// </param>
/// <param name="ValidationLoss">Mean loss of the validation samples, at the end of an epoch; null if there are none.</param>
/// <param name="ValidationAccuracy">Share of the validation samples that were classified correctly, 0 to 1, at the end of an epoch; null if
/// there are none.</param>
/// <param name="EpochCompleted">Whether this is the report at the end of the epoch.</param>
public readonly record struct FitProgress(
    int Epoch,
    int Epochs,
    int Step,
    int StepsPerEpoch,
    double Loss,
    double LearningRate,
    double SamplesPerSecond,
    double? ValidationLoss,
    double? ValidationAccuracy,
    bool EpochCompleted)
{
    /// <summary>Updates of the parameters so far, including those before a checkpoint: <see cref="Trainer.Steps"/>.</summary>
    public long Updates { get; init; }

    /// <summary>The report as one line of text.</summary>
    public override string ToString()
    {
        string place = EpochCompleted ? $"epoch {Epoch} of {Epochs}"
            : $"epoch {Epoch} of {Epochs}, step {Step}" + (StepsPerEpoch > 0 ? $" of {StepsPerEpoch}" : "");
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{place}: loss {Loss:G4}, learning rate {LearningRate:G4}, {SamplesPerSecond:N0} samples/s");
        line += ValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", validation loss {loss:G4}") : "";
        return line
            + (ValidationAccuracy is { } accuracy
                ? string.Create(CultureInfo.InvariantCulture, $", validation accuracy {accuracy:F4}") : "");
    }
}
