using System;

namespace Strata;

/// <summary>
/// Normalises each sample (Ba et al. 2016): PyTorch's <c>nn.LayerNorm</c> of the whole shape of a sample, Keras'
/// <c>LayerNormalization</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged.</para>
/// <para>Formula: y = γ·(x − μ)/√(σ² + ε) + β, with mean and variance (divided by the number of elements) over all elements of the
/// sample. Training and inference are the same. Parameters: <c>weight</c> (γ, 1 at first) and <c>bias</c> (β, 0 at first), one number for
/// each element, in the sample's shape.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LayerNormAttribute : LayerAttribute
{
    /// <summary>
    /// ε, which is added to the variance; at least 0. With 0, nothing but zeros becomes β, or 0 without it (PyTorch: not a number).
    /// </summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether there are γ and β; true by default: PyTorch's <c>elementwise_affine</c>.</summary>
    public bool Affine { get; set; } = true;

    /// <summary>
    /// Whether each pixel is normalised by itself, over its channels, as in ConvNeXt (Liu et al. 2022): PyTorch's <c>nn.LayerNorm(C)</c> of
    /// a tensor whose channels come last. γ and β have one number for each channel then.
    /// </summary>
    public bool OverChannels { get; set; }
}
