using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// The smallest of the branches' elements at each place: PyTorch's <c>torch.minimum</c>, Keras' <c>Minimum</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: that of all branches together. As in PyTorch, a branch of one element along an axis is repeated along it: C×1×1 for all pixels of
/// a channel, 1×H×W for all channels, 1×1×1 for all elements. All branches have the same rank.
/// </para>
/// <para>Formula: y = min(x₁, x₂, …); NaN if one is NaN. Of two equal elements, each gets half of the gradient.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MinimumAttribute : LayerAttribute
{
    /// <summary>Joins the branches of the group above, or the tensors with these names.</summary>
    /// <param name="names">Two names or more, such as <c>"a", "b"</c>. Without names, the branches are joined.</param>
    public MinimumAttribute(params string[] names) => Names = names;

    /// <summary>Names of the joined tensors; empty if the branches are joined.</summary>
    public IReadOnlyList<string> Names { get; }
}
