using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// The same elements under another shape: PyTorch's <c>reshape</c>, <c>view</c> and <c>nn.Unflatten</c>, Keras' <c>Reshape</c>.
/// </summary>
/// <remarks>
/// <para>Shape: any → the one that is given, of as many elements; one extent may be −1 for what is left.</para>
/// <para>Formula: y = x, in the order of channels, planes, rows and columns.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ReshapeAttribute : LayerAttribute
{
    /// <summary>A flat tensor.</summary>
    /// <param name="features">At least 1, or −1.</param>
    public ReshapeAttribute(int features) => Shape = [features];

    /// <summary>Sequences.</summary>
    /// <param name="channels">At least 1, or −1.</param>
    /// <param name="length">At least 1, or −1.</param>
    public ReshapeAttribute(int channels, int length) => Shape = [channels, length];

    /// <summary>An image.</summary>
    /// <param name="channels">At least 1, or −1.</param>
    /// <param name="height">At least 1, or −1.</param>
    /// <param name="width">At least 1, or −1.</param>
    public ReshapeAttribute(int channels, int height, int width) => Shape = [channels, height, width];

    /// <summary>A volume.</summary>
    /// <param name="channels">At least 1, or −1.</param>
    /// <param name="depth">At least 1, or −1.</param>
    /// <param name="height">At least 1, or −1.</param>
    /// <param name="width">At least 1, or −1.</param>
    public ReshapeAttribute(int channels, int depth, int height, int width) => Shape = [channels, depth, height, width];

    /// <summary>The extents of one sample, without the batch.</summary>
    public IReadOnlyList<int> Shape { get; }
}
