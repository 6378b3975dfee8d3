using System;

namespace Strata.Training;

/// <summary>Ends training when <see cref="FitOptions.Monitor"/> no longer improves.</summary>
public sealed record EarlyStopping
{
    /// <summary>Creates the rule.</summary>
    /// <param name="patience">Epochs without improvement after which training ends, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The patience is less than 1.</exception>
    public EarlyStopping(int patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        Patience = patience;
    }

    /// <summary>Epochs without improvement after which training ends.</summary>
    public int Patience { get; }

    /// <summary>
    /// The least improvement that counts, as in Keras: an epoch is the best one so far only if its metric is better by more than this. 0 or
    /// more. Default 0. <see cref="FitOptions.RestoreBest"/> and <see cref="FitResult.BestEpoch"/> follow the same rule.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double MinDelta
    {
        get;
        init => field = double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MinDelta), value, $"{nameof(MinDelta)} must be 0 or more and finite.");
    }

    /// <summary>The settings as text, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(EarlyStopping), PrintMembers);
}
