using System;

namespace Strata;

/// <summary>
/// Sets all values of a sample to zero at random during training (Huang et al. 2016, "Deep Networks with Stochastic Depth"), so that the sample goes
/// past a residual branch that ends with it: torchvision's <c>StochasticDepth(p, "row")</c>, timm's <c>DropPath</c>. Inference skips it.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged, any. Formula in training: all values of a sample are 0 with probability <see cref="Rate"/>, else x/(1 − rate). The paper
/// multiplies by 1 − rate in inference instead (section 3, equation 5), and lets the rate rise from block to block: l/L of the last one's
/// for block l of L (equation 4).</para>
/// </remarks>
/// <example>
/// A residual block: <c>[Branch, Conv2D(64, 3, Padding = 1), BatchNorm, StochasticDepth(0.2)] [Branch] [Add, ReLU]</c>.
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class StochasticDepthAttribute : LayerAttribute
{
    /// <summary>Dropout of a share of the samples.</summary>
    /// <param name="rate">Probability that a sample's values are zero: 0 ≤ rate &lt; 1.</param>
    public StochasticDepthAttribute(double rate) => Rate = rate;

    /// <summary>Probability that a sample's values are zero.</summary>
    public double Rate { get; }
}
