using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Joins the branches of a group by multiplying them element by element, as squeeze-and-excite blocks do (Hu et al. 2018):
/// PyTorch's <c>x * y</c>, Keras' <c>Multiply</c>.
/// </summary>
/// <remarks>
/// <para>Shape: that of the branches, which is the same for all of them; a branch of C×1×1 is one factor for each channel of
/// the others.</para>
/// <para>Formula: y = x₁·x₂·…, one factor for each <see cref="BranchAttribute"/>.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MultiplyAttribute : LayerAttribute
{
    /// <summary>Joins all branches of the group before it, or tensors by name.</summary>
    /// <param name="names">Two names or more, such as <c>"x", "scale"</c>; none for the branches.</param>
    public MultiplyAttribute(params string[] names) => Names = names;

    /// <summary>Names of the joined tensors; empty where they are branches.</summary>
    public IReadOnlyList<string> Names { get; }
}
