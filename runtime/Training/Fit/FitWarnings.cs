using System;
using System.Collections.Generic;

namespace Strata.Training;

/// <summary>The warnings of one call of <c>Fit</c>, or those of a trainer's steps. Each is given once.</summary>
/// <param name="receiver">Who receives them at the time; null for the standard error stream.</param>
internal sealed class FitWarnings(Func<Action<TrainingWarning>?> receiver)
{
    private readonly List<TrainingWarning> _all = [];

    public IReadOnlyList<TrainingWarning> All => _all;

    /// <summary>Gives a warning.</summary>
    /// <param name="kind">What the warning is about.</param>
    /// <param name="message">The message; null for no warning.</param>
    public void Add(TrainingWarningKind kind, string? message)
    {
        if (message is null || _all.Exists(known => known.Kind == kind && known.Message == message))
        {
            return;
        }

        var warning = new TrainingWarning(kind, message);
        _all.Add(warning);
        if (receiver() is { } tell)
        {
            tell(warning);
        }
        else
        {
            Console.Error.WriteLine($"Strata: warning: {message}");
        }
    }
}
