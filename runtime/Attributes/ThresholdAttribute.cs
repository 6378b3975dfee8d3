using System;

namespace Strata;

/// <summary>Another value for what does not exceed a threshold: PyTorch's <c>nn.Threshold</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x for x &gt; threshold, else value; its derivative is 1 or 0, and 0 at the threshold.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ThresholdAttribute : LayerAttribute
{
    /// <summary>A threshold.</summary>
    /// <param name="threshold">What is larger stays. Any finite 32-bit number.</param>
    /// <param name="value">What everything else becomes. Any finite 32-bit number.</param>
    public ThresholdAttribute(double threshold, double value) => (Threshold, Value) = (threshold, value);

    /// <summary>What is larger stays.</summary>
    public double Threshold { get; }

    /// <summary>What everything else becomes.</summary>
    public double Value { get; }
}
