using System;
using System.Collections.Generic;

namespace Strata.Training;

/// <summary>The warnings of one call of <c>Fit</c>. Each is given once.</summary>
/// <param name="tell">Receives them; null for the standard error stream.</param>
internal sealed class FitWarnings(Action<TrainingWarning>? tell)
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
        if (tell is not null)
        {
            tell(warning);
        }
        else
        {
            Console.Error.WriteLine($"Strata: warning: {message}");
        }
    }
}
