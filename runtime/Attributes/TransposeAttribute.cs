using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Changes the order of the axes: PyTorch's <c>x.permute(0, 2, 3, 1)</c> and <c>x.transpose(1, 2)</c>, Keras' <c>Permute((2, 3, 1))</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: <c>[Transpose(2, 3, 1)]</c> makes H×W×C of C×H×W: what was the second axis is the first. Axes are counted from 1, since 0 is the
/// batch. The first axis of the result is its channels.
/// </para>
/// <para>
/// Windows of an image, each as a row of pixels: <c>[Reshape(96, 8, 7, 8, 7), Transpose(2, 4, 1, 3, 5), Reshape(64, 96, 49)]</c> makes 64
/// windows of 7×7 of 96×56×56.
/// </para>
/// <para>Formula: y[i, j, c] = x[c, i, j].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class TransposeAttribute : LayerAttribute
{
    /// <summary>Changes the order of the axes of a sequence.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1 or 2.</param>
    /// <param name="second">The axis that becomes the second.</param>
    public TransposeAttribute(int first, int second) => Axes = [first, second];

    /// <summary>Changes the order of the axes of an image.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1, 2 or 3.</param>
    /// <param name="second">The axis that becomes the second.</param>
    /// <param name="third">The axis that becomes the third.</param>
    public TransposeAttribute(int first, int second, int third) => Axes = [first, second, third];

    /// <summary>Changes the order of the axes of a volume.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1, 2, 3 or 4.</param>
    /// <param name="second">The axis that becomes the second.</param>
    /// <param name="third">The axis that becomes the third.</param>
    /// <param name="fourth">The axis that becomes the fourth.</param>
    public TransposeAttribute(int first, int second, int third, int fourth) => Axes = [first, second, third, fourth];

    /// <summary>Changes the order of five axes, such as those of an image whose rows and columns are split into windows.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1 to 5.</param>
    /// <param name="second">The axis that becomes the second.</param>
    /// <param name="third">The axis that becomes the third.</param>
    /// <param name="fourth">The axis that becomes the fourth.</param>
    /// <param name="fifth">The axis that becomes the fifth.</param>
    public TransposeAttribute(int first, int second, int third, int fourth, int fifth) => Axes = [first, second, third, fourth, fifth];

    /// <summary>Changes the order of six axes.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1 to 6.</param>
    /// <param name="second">The axis that becomes the second.</param>
    /// <param name="third">The axis that becomes the third.</param>
    /// <param name="fourth">The axis that becomes the fourth.</param>
    /// <param name="fifth">The axis that becomes the fifth.</param>
    /// <param name="sixth">The axis that becomes the sixth.</param>
    public TransposeAttribute(int first, int second, int third, int fourth, int fifth, int sixth) =>
        Axes = [first, second, third, fourth, fifth, sixth];

    /// <summary>The axes of the input in their new order.</summary>
    public IReadOnlyList<int> Axes { get; }
}
