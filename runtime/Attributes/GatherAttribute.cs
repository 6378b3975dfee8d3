using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>Elements along an axis at indices that another tensor holds: PyTorch's <c>torch.gather</c>.</summary>
/// <remarks>
/// <para>
/// Shape: C×H×W and indices K×H×W → K×H×W; along another <see cref="Axis"/> likewise. Along the other axes, the indices may have an extent
/// of 1: an index then counts for all elements there, as in <c>torch.take_along_dim</c>.
/// </para>
/// <para>
/// Formula: y[c, i, j] = x[index[c, i, j], i, j]. An index is a float, whose fraction is ignored; below 0 it counts from the end. Where
/// there is no such element, the result is NaN (PyTorch throws). The gradient goes to the elements, and adds up where one is taken several
/// times. None goes to the indices.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GatherAttribute : LayerAttribute
{
    /// <summary>Takes elements of the first branch of the group above, or of the first tensor, at the indices of the second.</summary>
    /// <param name="names">Two names. Without names, the branches are read.</param>
    public GatherAttribute(params string[] names) => Names = names;

    /// <summary>The axis along which elements are taken: one of them. <see cref="Axes.Channels"/> by default.</summary>
    public Axes Axis { get; set; } = Axes.Channels;

    /// <summary>Names of the tensors; empty if the branches are read.</summary>
    public IReadOnlyList<string> Names { get; }
}
