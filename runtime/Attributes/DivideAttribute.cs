using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Divides the first branch of a group by the second, or a tensor by another one by name: PyTorch's <c>x / y</c>, Keras'
/// <c>ops.divide</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: that of all branches together. As in PyTorch, a branch of one element along an axis is repeated along it: C×1×1 for all pixels of
/// a channel, 1×H×W for all channels, 1×1×1 for all elements. All branches have the same rank.
/// </para>
/// <para>Formula: y = x₁/x₂.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class DivideAttribute : LayerAttribute
{
    /// <summary>Joins the two branches of the group above, or the tensors with these names.</summary>
    /// <param name="names">Two names, such as <c>"x", "norm"</c>. Without names, the branches are joined.</param>
    public DivideAttribute(params string[] names) => Names = names;

    /// <summary>Names of the joined tensors; empty if the branches are joined.</summary>
    public IReadOnlyList<string> Names { get; }
}
