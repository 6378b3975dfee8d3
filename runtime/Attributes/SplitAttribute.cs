using System;

namespace Strata;

/// <summary>
/// Takes one of several equal parts of the channels, or of another axis: PyTorch's <c>torch.chunk(x, parts, 1)[part]</c>, one of
/// Keras' <c>ops.split</c>.
/// <c>[Branch, Split(0, 2)]</c> and <c>[Branch, Split(1, 2), …]</c> take both halves of a tensor.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C/n×H×W, n parts. The number of parts must divide the channels.</para>
/// <para>Formula: y[c, i, j] = x[part·C/n + c, i, j].</para>
/// <para>It is <see cref="SliceAttribute"/> with the channels computed.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SplitAttribute : LayerAttribute
{
    /// <summary>Takes a part of the channels.</summary>
    /// <param name="part">Which part, counted from 0.</param>
    /// <param name="parts">How many parts there are, at least 1. It must divide the channels.</param>
    public SplitAttribute(int part, int parts) => (Part, Parts) = (part, parts);

    /// <summary>The axis that is split: one of them. <see cref="Axes.Channels"/> by default.</summary>
    public Axes Axis { get; set; } = Axes.Channels;

    /// <summary>Which part, counted from 0.</summary>
    public int Part { get; }

    /// <summary>How many parts there are.</summary>
    public int Parts { get; }
}
