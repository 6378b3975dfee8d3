using System;

namespace Strata;

/// <summary>
/// Sets values to zero at random during training (Srivastava et al. 2014): PyTorch's <c>nn.Dropout</c>. Inference skips it.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula in training: y = 0 with probability <see cref="Rate"/>, else x/(1 − rate).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DropoutAttribute : LayerAttribute
{
    /// <summary>Dropout of a share of the values.</summary>
    /// <param name="rate">Probability of a zero: 0 ≤ rate &lt; 1.</param>
    public DropoutAttribute(double rate = 0.5) => Rate = rate;

    /// <summary>Probability of a zero.</summary>
    public double Rate { get; }
}
