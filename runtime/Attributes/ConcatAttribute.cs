using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Joins the branches of a group one behind the other along the channels, as inception modules do (Szegedy et al. 2015):
/// PyTorch's <c>torch.cat(…, dim=1)</c>, Keras' <c>Concatenate</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C₁×H×W, C₂×H×W, … → (C₁ + C₂ + …)×H×W. Sequences keep their length; of flat tensors the features add up.</para>
/// <para>Formula: y[C₁ + … + Cₖ₋₁ + c, i, j] = xₖ[c, i, j], the branches in source order (<see cref="BranchAttribute"/>).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute : LayerAttribute
{
    /// <summary>Joins all branches of the group before it, or tensors by name.</summary>
    /// <param name="names">Two names or more, such as <c>"enc1", "up1"</c>; none for the branches.</param>
    public ConcatAttribute(params string[] names) => Names = names;

    /// <summary>Names of the joined tensors; empty where they are branches.</summary>
    public IReadOnlyList<string> Names { get; }
}
