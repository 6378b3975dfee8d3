using System;

namespace Strata;

/// <summary>
/// Moves the elements along an axis; those that leave it at one end come back at the other: PyTorch's <c>torch.roll</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged.</para>
/// <para>Formula: y[c, i, j] = x[c, i, (j − shift) mod W] along the width, and the same along other axes.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class RollAttribute : LayerAttribute
{
    /// <summary>Moves the elements along the width, or along <see cref="Axis"/>.</summary>
    /// <param name="shift">By how many places; below 0 towards the first one. Any number: a whole turn changes nothing.</param>
    public RollAttribute(int shift) => Shift = shift;

    /// <summary>By how many places; below 0 towards the first one.</summary>
    public int Shift { get; }

    /// <summary>The axis: one of them. <see cref="Axes.Width"/> by default.</summary>
    public Axes Axis { get; set; } = Axes.Width;
}
