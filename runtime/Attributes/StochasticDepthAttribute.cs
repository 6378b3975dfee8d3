using System;

namespace Strata;

/// <summary>
/// Stochastic depth (Huang et al. 2016): during training, a sample skips at random the residual branch that ends with this
/// layer. It is torchvision's <c>StochasticDepth(p, "row")</c> and timm's <c>DropPath</c>. In inference it does nothing.
/// </summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula in training: all values of a sample are 0 with probability <see cref="Rate"/>, otherwise y = x/(1 − rate).
/// </para>
/// <para>
/// The paper ("Deep Networks with Stochastic Depth") instead multiplies by 1 − rate in inference (section 3, equation 5). In the paper, the
/// rate rises from block to block: block l of L has l/L times the rate of the last block (equation 4).
/// </para>
/// </remarks>
/// <example>
/// A residual block: <c>[Branch, Conv2D(64, 3, Padding = 1), BatchNorm, StochasticDepth(0.2)] [Branch] [Add, ReLU]</c>.
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class StochasticDepthAttribute : LayerAttribute
{
    /// <summary>Skips the branch with a probability.</summary>
    /// <param name="rate">Probability that a sample skips the branch: 0 ≤ rate &lt; 1.</param>
    public StochasticDepthAttribute(double rate) => Rate = rate;

    /// <summary>Probability that a sample skips the branch.</summary>
    public double Rate { get; }
}
