using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// A learned tensor, which is the same for all samples: a class token, a position embedding, a learned query. PyTorch's
/// <c>nn.Parameter</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: any → the given one. The layer does not read the tensor before it. The layers after it read it, or joins by its name. The key of
/// the tensor in files is the layer's name, without a suffix.
/// </para>
/// <para>Formula: y = w. The gradient of w is the sum of the samples' gradients.</para>
/// <para>It is called as in Flax: Blazor's components have an attribute <c>[Parameter]</c>.</para>
/// </remarks>
/// <example>
/// The class token of a vision transformer, before the tokens of the picture (Dosovitskiy et al. 2021, section 3.1):
/// <code>
/// [Param(768, 1, Name = "class_token")]
/// [Concat("class_token", "patches", Axis = Axes.Width)]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ParamAttribute : LayerAttribute
{
    /// <summary>A vector.</summary>
    /// <param name="features">Number of values, at least 1.</param>
    public ParamAttribute(int features) => Shape = [features];

    /// <summary>A sequence.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="length">Number of steps, at least 1.</param>
    public ParamAttribute(int channels, int length) => Shape = [channels, length];

    /// <summary>An image.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    public ParamAttribute(int channels, int height, int width) => Shape = [channels, height, width];

    /// <summary>A volume.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="depth">Number of planes, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    public ParamAttribute(int channels, int depth, int height, int width) => Shape = [channels, depth, height, width];

    /// <summary>The extents, without the batch axis.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The initial value of all elements, a finite number; 0 by default.</summary>
    public double Initial { get; set; }

    /// <summary>
    /// The standard deviation of initial values, which are drawn from a normal distribution with mean 0; at least 0. With 0, the default,
    /// all are <see cref="Initial"/>.
    /// </summary>
    public double Deviation { get; set; }

    /// <summary>
    /// Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather than (C, L). False by
    /// default.
    /// </summary>
    public bool BatchAxis { get; set; }
}
