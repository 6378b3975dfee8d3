using System;

namespace Strata;

/// <summary>
/// Sets values to zero at random during training (Srivastava et al. 2014): PyTorch's <c>nn.Dropout</c>. In inference it does
/// nothing.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula in training: y = 0 with probability <see cref="Rate"/>, else x/(1 − rate).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class DropoutAttribute : LayerAttribute
{
    /// <summary>Dropout of each value with the same probability.</summary>
    /// <param name="rate">Probability that a value becomes 0: 0 ≤ rate &lt; 1; 0.5 by default.</param>
    public DropoutAttribute(double rate = 0.5) => Rate = rate;

    /// <summary>Probability that a value becomes 0.</summary>
    public double Rate { get; }
}
