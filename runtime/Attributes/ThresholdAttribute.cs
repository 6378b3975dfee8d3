using System;

namespace Strata;

/// <summary>Replaces values that do not exceed a threshold: PyTorch's <c>nn.Threshold</c>.</summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y = x for x &gt; threshold, else value; its derivative is 1 or 0, and 0 at the threshold.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ThresholdAttribute : LayerAttribute
{
    /// <summary>Replaces all values up to <paramref name="threshold"/>.</summary>
    /// <param name="threshold">Larger values stay as they are. Any finite 32-bit float.</param>
    /// <param name="value">All other values become this. Any finite 32-bit float.</param>
    public ThresholdAttribute(double threshold, double value) => (Threshold, Value) = (threshold, value);

    /// <summary>Larger values stay as they are.</summary>
    public double Threshold { get; }

    /// <summary>The value that replaces all others.</summary>
    public double Value { get; }
}
