using System;

namespace Strata;

/// <summary>
/// Normalises each sample (Ba et al. 2016): PyTorch's <c>nn.LayerNorm</c> over all axes of a sample, Keras'
/// <c>LayerNormalization</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged.</para>
/// <para>
/// Formula: y = γ·(x − μ)/√(σ² + ε) + β, with the mean μ and the biased variance σ² over all elements of the sample, or over
/// those along some <see cref="Axes"/>. Training and inference compute the same. Parameters: <c>weight</c> (γ, initially 1) and
/// <c>bias</c> (β, initially 0), each in the shape of a sample, or with the extents of these axes.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LayerNormAttribute : LayerAttribute
{
    /// <summary>
    /// ε, added to the variance; at least 0, 1e-5 by default. With ε = 0, an input of zeros becomes β, or 0 without β, where
    /// PyTorch gives NaN.
    /// </summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the layer has γ and β; true by default: PyTorch's <c>elementwise_affine</c>.</summary>
    public bool Affine { get; set; } = true;

    /// <summary>
    /// The axes along which mean and variance are computed; all axes of a sample by default. <c>Axes.Height | Axes.Width</c> is
    /// PyTorch's <c>nn.LayerNorm([H, W])</c>, and Keras has <c>axis</c>. <c>Axes.Channels</c> is <see cref="OverChannels"/>.
    /// </summary>
    public Axes Axes { get; set; } = Axes.All;

    /// <summary>
    /// Whether each pixel is normalised on its own, over its channels, as in ConvNeXt (Liu et al. 2022): PyTorch's
    /// <c>nn.LayerNorm(C)</c> of a tensor with channels last. γ and β then have C elements. False by default.
    /// </summary>
    public bool OverChannels { get; set; }
}
