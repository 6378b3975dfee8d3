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
/// <para>
/// Tensors of five and six axes are for <see cref="TransposeAttribute"/>, elementwise layers, joins of equal shapes, <c>[Dropout]</c> and
/// <c>[Flatten]</c>. Other layers, and losses, read at most four.
/// </para>
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

    /// <summary>
    /// Reshapes to five axes, such as those of an image whose rows and columns are split into windows: channels, rows of windows, rows in
    /// a window, columns of windows, columns in a window.
    /// </summary>
    /// <param name="first">The extent of the first axis, at least 1, or −1.</param>
    /// <param name="second">That of the second axis.</param>
    /// <param name="third">That of the third axis.</param>
    /// <param name="fourth">That of the fourth axis.</param>
    /// <param name="fifth">That of the fifth axis.</param>
    public ReshapeAttribute(int first, int second, int third, int fourth, int fifth) => Shape = [first, second, third, fourth, fifth];

    /// <summary>Reshapes to six axes.</summary>
    /// <param name="first">The extent of the first axis, at least 1, or −1.</param>
    /// <param name="second">That of the second axis.</param>
    /// <param name="third">That of the third axis.</param>
    /// <param name="fourth">That of the fourth axis.</param>
    /// <param name="fifth">That of the fifth axis.</param>
    /// <param name="sixth">That of the sixth axis.</param>
    public ReshapeAttribute(int first, int second, int third, int fourth, int fifth, int sixth) =>
        Shape = [first, second, third, fourth, fifth, sixth];

    /// <summary>The extents of one sample, without the batch axis.</summary>
    public IReadOnlyList<int> Shape { get; }
}
