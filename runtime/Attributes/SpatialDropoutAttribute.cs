using System;

namespace Strata;

/// <summary>
/// Sets whole channels to zero at random during training (Tompson et al. 2015): PyTorch's <c>nn.Dropout1d</c>,
/// <c>nn.Dropout2d</c> and <c>nn.Dropout3d</c>, Keras' <c>SpatialDropout2D</c>. In inference it does nothing.
/// </summary>
/// <remarks>
/// <para>
/// Shape: unchanged. The input is C×L, C×H×W or C×D×H×W. Formula in training: all pixels of a channel are 0 with probability
/// <see cref="Rate"/>, otherwise y = x/(1 − rate).
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SpatialDropoutAttribute : LayerAttribute
{
    /// <summary>Dropout of each channel with the same probability.</summary>
    /// <param name="rate">Probability that a channel becomes 0: 0 ≤ rate &lt; 1; 0.5 by default.</param>
    public SpatialDropoutAttribute(double rate = 0.5) => Rate = rate;

    /// <summary>Probability that a channel becomes 0.</summary>
    public double Rate { get; }
}
