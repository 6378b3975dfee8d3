using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>1 where an element of the first tensor is greater than that of the second one or equal to it, else 0: PyTorch's
/// <c>torch.ge</c>.</summary>
/// <remarks>
/// <para>
/// Shape: that of both together. As in PyTorch, a tensor of one element along an axis is repeated along it. Both have the same rank.
/// </para>
/// <para>Formula: y = 1 where x₁ ≥ x₂, else 0; 0 where one is NaN. No gradient passes through it.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GreaterOrEqualAttribute : LayerAttribute
{
    /// <summary>Compares the two branches of the group above, or the two tensors with these names.</summary>
    /// <param name="names">Two names. Without names, the branches are compared.</param>
    public GreaterOrEqualAttribute(params string[] names) => Names = names;

    /// <summary>Names of the tensors; empty if the branches are compared.</summary>
    public IReadOnlyList<string> Names { get; }
}
