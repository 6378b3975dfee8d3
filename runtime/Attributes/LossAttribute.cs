using System;

namespace Strata;

/// <summary>
/// A loss, which makes the network trainable. Where there are several, training minimises their weighted sum.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LossAttribute : Attribute
{
    private protected LossAttribute()
    {
    }

    /// <summary>Name of the tensor that the loss compares with its target; by default the one before it.</summary>
    public string? From { get; set; }

    /// <summary>By which the loss counts in the sum of all losses: a finite number, 1 by default.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>
    /// Name of the target. Losses of one name, which is the default, share one target; the targets of a sample stand one behind the
    /// other, in the order in which losses first name them. Class indices and values stand apart, so that one name may mean both.
    /// </summary>
    public string? Target { get; set; }
}
