using System;

namespace Strata;

/// <summary>The index of the smallest element along an axis: PyTorch's <c>torch.argmin</c>, with <c>keepdim=True</c>.</summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → 1×H×W; along another <see cref="Axis"/>, that extent becomes 1. Flat tensors, sequences and volumes work alike.
/// </para>
/// <para>
/// Formula: y[i, j] is the first c with the smallest x[c, i, j], counted from 0, as a float. If there is a NaN, it is the index of the
/// first one, as in PyTorch. No gradient passes through it. An axis has at most 2²⁴ elements, up to which each index is a float.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ArgMinAttribute : LayerAttribute
{
    /// <summary>The axis along which the element is found: one of them. <see cref="Axes.Channels"/> by default.</summary>
    public Axes Axis { get; set; } = Axes.Channels;
}
