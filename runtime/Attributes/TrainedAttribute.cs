using System;

namespace Strata;

/// <summary>
/// Makes a constant of an <see cref="ElementwiseAttribute"/> a parameter of the network. The constant's value is the initial value.
/// </summary>
/// <example>
/// <code>
/// /// &lt;summary&gt;x above 0, else Slope·x, as PyTorch's PReLU.&lt;/summary&gt;
/// public sealed class LearnedSlopeAttribute : ElementwiseAttribute
/// {
///     [Trained(PerChannel = true, Key = "weight")] private const double Slope = 0.25;
///     public static float Value(float x) => x > 0 ? x : (float)Slope * x;
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Field, AllowMultiple = false, Inherited = false)]
public sealed class TrainedAttribute : Attribute
{
    /// <summary>
    /// Whether each channel (each feature of a flat tensor) has a number of its own. False by default: all share one.
    /// </summary>
    public bool PerChannel { get; set; }

    /// <summary>
    /// The last part of the parameter's key in files, <c>slope</c> in <c>prelu1.slope</c>. By default the constant's name in
    /// PyTorch's style: <c>MaxSlope</c> gives <c>max_slope</c>.
    /// </summary>
    public string? Key { get; set; }
}
