using System;

namespace Strata;

/// <summary>
/// The base class of losses. A loss makes the network trainable; training minimizes the weighted sum of all losses.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class LossAttribute : Attribute
{
    private protected LossAttribute()
    {
    }

    /// <summary>Name of the tensor that the loss compares with its target; by default the tensor before it.</summary>
    public string? From { get; set; }

    /// <summary>The loss's weight in the sum of all losses: a finite number, 1 by default.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>Name of the target. Losses with the same name share one target; by default all do.</summary>
    /// <remarks>
    /// The targets of a sample are concatenated in the order in which losses first name them. Class indices and values are
    /// separate arrays, so one name may stand for both.
    /// </remarks>
    public string? Target { get; set; }
}
