using System;

namespace Strata;

/// <summary>
/// Normalises each channel of each sample (Ulyanov et al. 2016): PyTorch's <c>nn.InstanceNorm1d</c>, <c>nn.InstanceNorm2d</c> and
/// <c>nn.InstanceNorm3d</c>, without running statistics.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged; C×L, C×H×W or C×D×H×W with more than one pixel.</para>
/// <para>Formula: y = (x − μ)/√(σ² + ε), with mean and variance (divided by the number of pixels) over the channel in one sample; with
/// <see cref="Affine"/>, γ[c]·y + β[c]. Training and inference are the same. Parameters: <c>weight</c> (γ, 1 at first) and <c>bias</c>
/// (β, 0 at first), one number for each channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InstanceNormAttribute : LayerAttribute
{
    /// <summary>
    /// ε, which is added to the variance; at least 0. With 0, nothing but zeros becomes β, or 0 without it (PyTorch: not a number).
    /// </summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether there are γ and β; false by default, as in PyTorch.</summary>
    public bool Affine { get; set; }
}
