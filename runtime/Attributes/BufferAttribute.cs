using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// A fixed tensor, which is the same for all samples and comes from the file of weights: the grid of a detector, a mask. PyTorch's
/// <c>register_buffer</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: any → the given one. The layer does not read the tensor before it. The layers after it read it, or joins by its name. The key of
/// the tensor in files is the layer's name, without a suffix. Training does not change it.
/// </para>
/// <para>Formula: y = b.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class BufferAttribute : LayerAttribute
{
    /// <summary>A vector.</summary>
    /// <param name="features">Number of values, at least 1.</param>
    public BufferAttribute(int features) => Shape = [features];

    /// <summary>A sequence.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="length">Number of steps, at least 1.</param>
    public BufferAttribute(int channels, int length) => Shape = [channels, length];

    /// <summary>An image.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    public BufferAttribute(int channels, int height, int width) => Shape = [channels, height, width];

    /// <summary>A volume.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="depth">Number of planes, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    public BufferAttribute(int channels, int depth, int height, int width) => Shape = [channels, depth, height, width];

    /// <summary>The extents, without the batch axis.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The value of all elements until a file is loaded, a finite number; 0 by default.</summary>
    public double Initial { get; set; }

    /// <summary>
    /// Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather than (C, L). False by
    /// default.
    /// </summary>
    public bool BatchAxis { get; set; }
}
