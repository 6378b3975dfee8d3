using System;

namespace Strata;

/// <summary>
/// Multiplies each channel by a learned number and adds another one, as the affine part of a normalisation does, or the layer scale of
/// ConvNeXt (Touvron et al. 2021, Liu et al. 2022).
/// </summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y = γ·x + β. The parameters <c>weight</c> (γ) and <c>bias</c> (β) have one element for each channel (for
/// each feature of a flat tensor), or with <see cref="PerElement"/> the shape of the input.
/// </para>
/// <para>Behind a convolution, inference computes it while the convolution's results are in registers.</para>
/// </remarks>
/// <example>
/// A layer scale with torchvision's key, such as <c>features.1.0.layer_scale</c>:
/// <code>
/// [Scale(Bias = false, Initial = 1e-6, Name = "layer_scale", Key = "")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ScaleAttribute : LayerAttribute
{
    /// <summary>Whether β is added. True by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>
    /// Whether each element of a sample has its own γ and β. False by default: the pixels of a channel share them.
    /// </summary>
    public bool PerElement { get; set; }

    /// <summary>The initial value of γ, a finite number; 1 by default. That of β is 0.</summary>
    public double Initial { get; set; } = 1;

    /// <summary>
    /// The last part of γ's key in files: <c>weight</c> by default, for <c>scale1.weight</c>. If it is empty, the key is the layer's name,
    /// and γ has the shape C×1×1 that PyTorch broadcasts: it is then a parameter of the module around the layer. Such a layer has no β.
    /// </summary>
    public string Key { get; set; } = "weight";
}
