using System;

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
public sealed class AddAttribute : LayerAttribute;
