using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Concatenates the branches of a group along the channels, as inception modules do (Szegedy et al. 2015), or along another axis:
/// PyTorch's <c>torch.cat(…, dim=1)</c>, Keras' <c>Concatenate</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C₁×H×W, C₂×H×W, … → (C₁ + C₂ + …)×H×W. All extents but those along the axis must be equal. Sequences (C×L) and volumes
/// (C×D×H×W) work alike; flat tensors are concatenated along their features.
/// </para>
/// <para>
/// Formula: y[C₁ + … + Cₖ₋₁ + c, i, j] = xₖ[c, i, j], with the branches in source order (<see cref="BranchAttribute"/>).
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute : LayerAttribute
{
    /// <summary>Joins the branches of the group above, or the tensors with these names.</summary>
    /// <param name="names">Two names or more, such as <c>"enc1", "up1"</c>. Without names, the branches are joined.</param>
    public ConcatAttribute(params string[] names) => Names = names;

    /// <summary>The axis along which the tensors are concatenated: one of them. <see cref="Axes.Channels"/> by default.</summary>
    public Axes Axis { get; set; } = Axes.Channels;

    /// <summary>Names of the joined tensors; empty if the branches are joined.</summary>
    public IReadOnlyList<string> Names { get; }
}
