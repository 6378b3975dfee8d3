using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// The shape of one input sample, without the batch, in PyTorch's order. Exactly one stands before the first layer.
/// </summary>
/// <remarks>Every extent is at least 1.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InputAttribute : Attribute
{
    /// <summary>A vector: PyTorch's (N, F).</summary>
    /// <param name="features">Number of values, at least 1.</param>
    public InputAttribute(int features) => Shape = [features];

    /// <summary>A sequence: PyTorch's (N, C, L).</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="length">Number of steps, at least 1.</param>
    public InputAttribute(int channels, int length) => Shape = [channels, length];

    /// <summary>An image: PyTorch's (N, C, H, W).</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    public InputAttribute(int channels, int height, int width) => Shape = [channels, height, width];

    /// <summary>The extents of one sample.</summary>
    public IReadOnlyList<int> Shape { get; }
}
