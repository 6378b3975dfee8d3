using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Gives the elements another shape: PyTorch's <c>reshape</c>, <c>view</c> and <c>nn.Unflatten</c>, Keras' <c>Reshape</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: any → the given one, which must have as many elements. One extent may be −1: it is computed from the others.
/// </para>
/// <para>Formula: y = x, in the order of channels, planes, rows and columns.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ReshapeAttribute : LayerAttribute
{
    /// <summary>Reshapes to a flat tensor.</summary>
    /// <param name="features">Number of features, at least 1, or −1.</param>
    public ReshapeAttribute(int features) => Shape = [features];

    /// <summary>Reshapes to a sequence.</summary>
    /// <param name="channels">Number of channels, at least 1, or −1.</param>
    /// <param name="length">Length of the sequence, at least 1, or −1.</param>
    public ReshapeAttribute(int channels, int length) => Shape = [channels, length];

    /// <summary>Reshapes to an image.</summary>
    /// <param name="channels">Number of channels, at least 1, or −1.</param>
    /// <param name="height">Number of rows, at least 1, or −1.</param>
    /// <param name="width">Number of columns, at least 1, or −1.</param>
    public ReshapeAttribute(int channels, int height, int width) => Shape = [channels, height, width];

    /// <summary>Reshapes to a volume.</summary>
    /// <param name="channels">Number of channels, at least 1, or −1.</param>
    /// <param name="depth">Number of planes, at least 1, or −1.</param>
    /// <param name="height">Number of rows, at least 1, or −1.</param>
    /// <param name="width">Number of columns, at least 1, or −1.</param>
    public ReshapeAttribute(int channels, int depth, int height, int width) => Shape = [channels, depth, height, width];

    /// <summary>The extents of one sample, without the batch axis.</summary>
    public IReadOnlyList<int> Shape { get; }
}
