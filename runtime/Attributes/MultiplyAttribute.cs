using System;

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
public sealed class MultiplyAttribute : LayerAttribute;
