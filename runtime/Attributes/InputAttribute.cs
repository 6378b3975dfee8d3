using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>Declares an input: the shape of one sample, without the batch axis, in PyTorch's order.</summary>
/// <remarks>
/// Every extent is at least 1. The first input stands before the first layer. A further input needs a <see cref="Name"/> and
/// may stand before any layer, which then reads it.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
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

    /// <summary>A volume: PyTorch's (N, C, D, H, W).</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="depth">Number of planes, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    public InputAttribute(int channels, int depth, int height, int width) => Shape = [channels, depth, height, width];

    /// <summary>
    /// The name that layers use in <see cref="LayerAttribute.From"/>, and the name of the parameter of <c>Forward</c>;
    /// <c>input</c> by default. If a network has several inputs, each needs a name.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>The extents of one sample.</summary>
    public IReadOnlyList<int> Shape { get; }
}
