using System;

namespace Strata;

/// <summary>
/// Normalises each group of channels of each sample (Wu and He 2018): PyTorch's <c>nn.GroupNorm</c>, Keras'
/// <c>GroupNormalization</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. The number of groups must divide the number of channels.</para>
/// <para>
/// Formula: y = γ[c]·(x − μ)/√(σ² + ε) + β[c], with the mean μ and the biased variance σ² over all elements of channel c's
/// group in one sample. Training and inference compute the same. Parameters: <c>weight</c> (γ, initially 1) and <c>bias</c> (β,
/// initially 0), of C elements each.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GroupNormAttribute : LayerAttribute
{
    /// <summary>Normalises groups of channels.</summary>
    /// <param name="groups">Number of groups, at least 1: PyTorch's <c>num_groups</c>.</param>
    public GroupNormAttribute(int groups) => Groups = groups;

    /// <summary>Number of groups.</summary>
    public int Groups { get; }

    /// <summary>
    /// ε, added to the variance; at least 0, 1e-5 by default. With ε = 0, an input of zeros becomes β, or 0 without β, where
    /// PyTorch gives NaN.
    /// </summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the layer has γ and β; true by default.</summary>
    public bool Affine { get; set; } = true;
}
