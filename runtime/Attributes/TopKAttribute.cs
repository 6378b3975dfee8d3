using System;

namespace Strata;

/// <summary>The largest elements along an axis, in order, or their indices: PyTorch's <c>torch.topk</c>.</summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → k×H×W; along another <see cref="Axis"/>, that extent becomes k. Flat tensors, sequences and volumes work alike.
/// </para>
/// <para>
/// The largest element comes first. Of equal elements, the first comes first. A NaN counts as larger than any number, as in PyTorch. The
/// gradient of a value goes to its element. Indices are floats, counted from 0, and no gradient passes through them; an axis has at most
/// 2²⁴ elements, up to which each index is a float. <see cref="GatherAttribute"/> takes other tensors' elements at these indices.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class TopKAttribute : LayerAttribute
{
    /// <summary>The largest elements along the channels, or along another <see cref="Axis"/>.</summary>
    /// <param name="k">How many elements: from 1 to the extent of the axis.</param>
    public TopKAttribute(int k) => K = k;

    /// <summary>How many elements.</summary>
    public int K { get; }

    /// <summary>The axis along which elements are compared: one of them. <see cref="Axes.Channels"/> by default.</summary>
    public Axes Axis { get; set; } = Axes.Channels;

    /// <summary>Whether it takes the largest elements, and not the smallest, of which the smallest comes first; true by default.</summary>
    public bool Largest { get; set; } = true;

    /// <summary>Whether the result are the indices of the elements, and not their values; false by default.</summary>
    public bool Indices { get; set; }
}
