using System;

namespace Strata.Serving;

/// <summary>How a call waits.</summary>
public readonly record struct InferenceOptions
{
    /// <summary>Calls of a higher priority are computed first.</summary>
    public InferencePriority Priority { get; init; }

    /// <summary>The longest time in the queue; null takes <see cref="ModelOptions.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>Which calls are computed first. Calls of one priority keep their order.</summary>
public enum InferencePriority
{
    /// <summary>Behind those of a high priority.</summary>
    Normal,

    /// <summary>Before all others. As long as such calls wait, no other is computed.</summary>
    High,

    /// <summary>Only when no other call waits.</summary>
    Low,
}
