using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Multiplies the branches of a group element by element, as squeeze-and-excite blocks do (Hu et al. 2018). This is PyTorch's <c>x * y</c>
/// and Keras' <c>Multiply</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: that of all branches together. As in PyTorch, a branch of one element along an axis is repeated along it: C×1×1 for all pixels of
/// a channel, 1×H×W for all channels, 1×1×1 for all elements. All branches have the same rank.
/// </para>
/// <para>Formula: y = x₁·x₂·…, one factor for each <see cref="BranchAttribute"/>.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MultiplyAttribute : LayerAttribute
{
    /// <summary>Joins the branches of the group above, or the tensors with these names.</summary>
    /// <param name="names">Two names or more, such as <c>"x", "scale"</c>. Without names, the branches are joined.</param>
    public MultiplyAttribute(params string[] names) => Names = names;

    /// <summary>Names of the joined tensors; empty if the branches are joined.</summary>
    public IReadOnlyList<string> Names { get; }
}
