using System;

namespace Strata;

/// <summary>
/// Normalises each channel of each sample (Ulyanov et al. 2016): PyTorch's <c>nn.InstanceNorm1d</c>, <c>nn.InstanceNorm2d</c>
/// and <c>nn.InstanceNorm3d</c>, without running statistics.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. The input is C×L, C×H×W or C×D×H×W, with more than one pixel.</para>
/// <para>
/// Formula: y = (x − μ)/√(σ² + ε), with the mean μ and the biased variance σ² of the channel in one sample. With
/// <see cref="Affine"/>, the output is γ[c]·y + β[c]. Training and inference compute the same. Parameters with
/// <see cref="Affine"/>: <c>weight</c> (γ, initially 1) and <c>bias</c> (β, initially 0), of C elements each.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class InstanceNormAttribute : LayerAttribute
{
    /// <summary>
    /// ε, added to the variance; at least 0, 1e-5 by default. With ε = 0, an input of zeros becomes β, or 0 without β, where
    /// PyTorch gives NaN.
    /// </summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the layer has γ and β; false by default, as in PyTorch.</summary>
    public bool Affine { get; set; }
}
