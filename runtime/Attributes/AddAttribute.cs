using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Joins the branches of a group by adding them, as residual blocks do (He et al. 2016): PyTorch's <c>x + y</c>, Keras'
/// <c>Add</c>.
/// </summary>
/// <remarks>
/// <para>Shape: that of the branches, which is the same for all of them.</para>
/// <para>Formula: y = x₁ + x₂ + …, one term for each <see cref="BranchAttribute"/>.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AddAttribute : LayerAttribute
{
    /// <summary>Joins all branches of the group before it, or tensors by name.</summary>
    /// <param name="names">Two names or more, such as <c>"enc1", "up1"</c>; none for the branches.</param>
    public AddAttribute(params string[] names) => Names = names;

    /// <summary>Names of the joined tensors; empty where they are branches.</summary>
    public IReadOnlyList<string> Names { get; }
}
