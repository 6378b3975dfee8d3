using System.Globalization;

namespace Strata.Training;

/// <summary>How far <c>Fit</c> has come. Reported after every step, and once more when an epoch's validation is done.</summary>
/// <param name="Epoch">Number of the epoch, counted from 1.</param>
/// <param name="Epochs">Number of epochs.</param>
/// <param name="Step">Steps done in this epoch, counted from 1.</param>
/// <param name="StepsPerEpoch">Steps of an epoch; 0 in the first one of data that are read piece by piece, where that shows only at its
/// end.</param>
/// <param name="Loss">Mean loss of the epoch's samples so far.</param>
/// <param name="LearningRate">The rate of the last step.</param>
/// <param name="SamplesPerSecond">Training speed in this epoch: waiting for data counts, validation, checkpoints and what is done with
/// reports do not.</param>
/// <param name="ValidationLoss">Mean loss of the validation samples, when the epoch is complete and there are some.</param>
/// <param name="ValidationAccuracy">Share of the validation samples that were classified rightly, likewise.</param>
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
    /// <summary>Updates of the parameters so far, those before a checkpoint included: <see cref="Trainer.Steps"/>.</summary>
    public long Updates { get; init; }

    /// <summary>One line: where training stands, and how good it is.</summary>
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
