using System;

namespace Strata;

/// <summary>
/// Normalises groups of channels of each sample (Wu and He 2018): PyTorch's <c>nn.GroupNorm</c>, Keras' <c>GroupNormalization</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged; the groups divide the channels.</para>
/// <para>Formula: y = γ[c]·(x − μ)/√(σ² + ε) + β[c], with mean and variance (divided by the number of elements) over all elements of
/// the group that channel c is in, in one sample. Training and inference are the same. Parameters: <c>weight</c> (γ, 1 at first) and
/// <c>bias</c> (β, 0 at first), one number for each channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GroupNormAttribute : LayerAttribute
{
    /// <summary>Normalises groups of channels.</summary>
    /// <param name="groups">Number of groups, at least 1: PyTorch's <c>num_groups</c>.</param>
    public GroupNormAttribute(int groups) => Groups = groups;

    /// <summary>Number of groups.</summary>
    public int Groups { get; }

    /// <summary>
    /// ε, which is added to the variance; at least 0. With 0, nothing but zeros becomes β, or 0 without it (PyTorch: not a number).
    /// </summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether there are γ and β; true by default.</summary>
    public bool Affine { get; set; } = true;
}
