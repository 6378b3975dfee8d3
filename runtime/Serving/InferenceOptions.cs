using System;

namespace Strata.Serving;

/// <summary>How a call waits.</summary>
public readonly record struct InferenceOptions
{
    /// <summary>Calls of a higher priority are computed first, but none waits forever.</summary>
    public InferencePriority Priority { get; init; }

    /// <summary>The longest time in the queue; null takes <see cref="ModelOptions.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// The size of the inputs, for models of several sizes: their extents without channels, as for <see cref="CompiledNetwork.At"/>.
    /// Empty (the default) is the size that the network was declared with. Calls of one size become batches.
    /// </summary>
    public ReadOnlyMemory<int> Size { get; init; }
}

/// <summary>
/// Which calls are computed first. Calls of one priority keep their order. A call goes before those of the next lower priority that came up
/// to a second earlier, so each is computed in the end.
/// </summary>
public enum InferencePriority
{
    /// <summary>Behind those of a high priority that come within the next second.</summary>
    Normal,

    /// <summary>Before normal ones of the last second, and low ones of the last two.</summary>
    High,

    /// <summary>Behind normal ones that come within the next second, and high ones within the next two.</summary>
    Low,
}
