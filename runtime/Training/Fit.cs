using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>Options of <c>Fit</c>.</summary>
public sealed record FitOptions
{
    /// <summary>Passes over the data, 1 or more. Default 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Seed of the order of the samples. The order of an epoch depends on the seed and the epoch's number alone.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each epoch takes the samples in another order. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Samples on which the network is evaluated after each epoch; empty (the default) for none.</summary>
    public ReadOnlyMemory<float> ValidationInputs { get; init; }

    /// <summary>The classes of the validation samples, for a <see cref="ClassificationTrainer"/>.</summary>
    public ReadOnlyMemory<int> ValidationTargets { get; init; }

    /// <summary>The wanted outputs of the validation samples, for a <see cref="RegressionTrainer"/>.</summary>
    public ReadOnlyMemory<float> ValidationValues { get; init; }
}

/// <summary>How far <c>Fit</c> has come. Reported after every step, and once more when an epoch's validation is done.</summary>
/// <param name="Epoch">Number of the epoch, counted from 1.</param>
/// <param name="Epochs">Number of epochs.</param>
/// <param name="Step">Steps done in this epoch, counted from 1.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="Loss">Mean loss of the epoch's samples so far.</param>
/// <param name="SamplesPerSecond">Training speed in this epoch, without validation.</param>
/// <param name="ValidationLoss">Mean loss of the validation samples, when the epoch is complete and there are some.</param>
/// <param name="ValidationAccuracy">Share of the validation samples that were classified rightly, likewise.</param>
/// <param name="EpochCompleted">Whether this is the report at the end of the epoch.</param>
public readonly record struct FitProgress(
    int Epoch,
    int Epochs,
    int Step,
    int StepsPerEpoch,
    double Loss,
    double SamplesPerSecond,
    double? ValidationLoss,
    double? ValidationAccuracy,
    bool EpochCompleted);

/// <summary>What <c>Fit</c> did.</summary>
/// <param name="Epochs">The last report of each epoch that was completed.</param>
/// <param name="Cancelled">Whether it was ended early by its cancellation token.</param>
public sealed record FitResult(IReadOnlyList<FitProgress> Epochs, bool Cancelled);
