using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>1 where the elements of both tensors are not 0, else 0: PyTorch's <c>torch.logical_and</c>.</summary>
/// <remarks>
/// <para>
/// Shape: that of both together. As in PyTorch, a tensor of one element along an axis is repeated along it. Both have the same rank.
/// </para>
/// <para>Formula: y = 1 where x₁ ≠ 0 and x₂ ≠ 0, else 0. NaN is not 0. No gradient passes through it.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AndAttribute : LayerAttribute
{
    /// <summary>Joins the two branches of the group above, or the two tensors with these names.</summary>
    /// <param name="names">Two names. Without names, the branches are joined.</param>
    public AndAttribute(params string[] names) => Names = names;

    /// <summary>Names of the tensors; empty if the branches are joined.</summary>
    public IReadOnlyList<string> Names { get; }
}
