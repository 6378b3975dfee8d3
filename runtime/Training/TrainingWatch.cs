using System;
using System.Globalization;

namespace Strata.Training;

/// <summary>Looks for mistakes while a network is trained. Each is told once.</summary>
/// <param name="trainer">The trainer.</param>
/// <param name="warnings">Receives what is found.</param>
internal sealed class TrainingWatch(Trainer trainer, FitWarnings warnings)
{
    // A loss that has grown this many times, from 1 or from a larger first value, does not come from a hard batch.
    private const double Explosion = 1000;

    private bool _hasSeenSamples, _hasSeenRate, _hasSeenExplosion;
    private double? _firstLoss;

    /// <summary>Looks at the range of the first samples.</summary>
    public void LookAt(ReadOnlySpan<float> samples)
    {
        if (!_hasSeenSamples && !samples.IsEmpty)
        {
            _hasSeenSamples = true;
            warnings.Add(TrainingWarningKind.InputRange, InputRange.FindProblem(trainer.Network, samples, "The samples"));
        }
    }

    /// <summary>Looks at the learning rate of an update.</summary>
    public void LookAtRate()
    {
        double rate = trainer.Optimizer.LearningRate;
        if (!_hasSeenRate && trainer.Optimizer.UsualRate is var (usual, most) && rate > most)
        {
            _hasSeenRate = true;
            warnings.Add(TrainingWarningKind.LearningRate, string.Create(
                CultureInfo.InvariantCulture,
                $"The learning rate is {rate:G4}; with {trainer.Optimizer.GetType().Name}, networks learn at {usual}. At more than "
                + $"{most}, a step throws the weights away. Choose a lower rate."));
        }
    }

    /// <summary>Looks at the loss of a step.</summary>
    public void LookAtLoss(double loss)
    {
        double first = _firstLoss ??= loss;
        if (!_hasSeenExplosion && loss > Explosion * double.Max(first, 1))
        {
            _hasSeenExplosion = true;
            warnings.Add(TrainingWarningKind.LearningRate, string.Create(
                CultureInfo.InvariantCulture,
                $"The loss has grown from {first:G4} to {loss:G4}, with a learning rate of {trainer.Optimizer.LearningRate:G4}. Choose a "
                + $"lower rate, or clip the gradients ({nameof(Optimizer.ClipNorm)})."));
        }
    }
}
