using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>Elements between those of a tensor, at points that another one holds: PyTorch's <c>F.grid_sample</c>.</summary>
/// <remarks>
/// <para>
/// Shape: C×H×W and a grid of H′×W′×2 → C×H′×W′; C×D×H×W and a grid of D′×H′×W′×3 → C×D′×H′×W′. The grid's last axis holds x, y (and z),
/// as in PyTorch. [Transpose(2, 3, 1)] makes a grid of two channels.
/// </para>
/// <para>
/// Values: −1 and 1 are the outer edges of the first and the last element, or their centres with <see cref="AlignCorners"/>. Points may be
/// outside: see <see cref="PaddingMode"/>. A point that is not a number counts as −1. Gradients go to the elements and, unless the nearest
/// one is taken, to the points.
/// </para>
/// <para>Source: Jaderberg et al. 2015, <i>Spatial Transformer Networks</i>, section 3.3.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GridSampleAttribute : LayerAttribute
{
    /// <summary>Samples the first branch of the group above, or the first tensor, at the points of the second.</summary>
    /// <param name="names">Two names. Without names, the branches are read.</param>
    public GridSampleAttribute(params string[] names) => Names = names;

    /// <summary>How values between elements are computed; <see cref="GridSampleMode.Bilinear"/> by default.</summary>
    public GridSampleMode Mode { get; set; }

    /// <summary>What is read outside of the tensor; <see cref="GridPaddingMode.Zeros"/> by default.</summary>
    public GridPaddingMode PaddingMode { get; set; }

    /// <summary>Whether −1 and 1 are the centres of the outermost elements, and not their edges; false by default.</summary>
    public bool AlignCorners { get; set; }

    /// <summary>Names of the tensors; empty if the branches are read.</summary>
    public IReadOnlyList<string> Names { get; }
}
