using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>Elements of one tensor where a condition holds, and of another one elsewhere: PyTorch's <c>torch.where</c>.</summary>
/// <remarks>
/// <para>
/// Shape: that of all three together. As in PyTorch, a tensor of one element along an axis is repeated along it. All have the same rank.
/// </para>
/// <para>
/// Formula: y = x₂ where x₁ is not 0, else x₃. The condition gets no gradient. Conditions are made by <see cref="GreaterAttribute"/>,
/// <see cref="LessAttribute"/>, <see cref="EqualAttribute"/> and the like, and combined by <see cref="AndAttribute"/>,
/// <see cref="OrAttribute"/>, <see cref="XorAttribute"/> and <see cref="NotAttribute"/>.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class WhereAttribute : LayerAttribute
{
    /// <summary>Joins the three branches of the group above, or the three tensors with these names.</summary>
    /// <param name="names">Three names: the condition, and what is chosen by it. Without names, the branches are joined.</param>
    public WhereAttribute(params string[] names) => Names = names;

    /// <summary>Names of the joined tensors; empty if the branches are joined.</summary>
    public IReadOnlyList<string> Names { get; }
}
