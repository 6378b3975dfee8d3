using System;

namespace Strata;

/// <summary>
/// Average pooling, the mean over windows of each channel: PyTorch's <c>nn.AvgPool1d</c>, Keras' <c>AveragePooling1D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×L′ with L′ = ⌊(L + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>).</para>
/// <para>
/// Formula: y[c, i] = 1/K · Σ x[c, S·i + k − P] over 0 ≤ k &lt; F, where x is 0 in the padding. K is the number of elements
/// that are counted (see <see cref="CountIncludePad"/>). The padding is at most half of the kernel.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AveragePool1DAttribute : WindowAttribute
{
    /// <summary>Average pooling over windows of <paramref name="kernel"/> steps.</summary>
    /// <param name="kernel">Length of the window, at least 1; also the stride by default.</param>
    public AveragePool1DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }

    /// <summary>
    /// Whether the divisor counts the zeros of the padding; true by default, as in PyTorch. Keras does not count them.
    /// </summary>
    public bool CountIncludePad { get; set; } = true;
}

/// <summary>
/// Average pooling, the mean over windows of each channel: PyTorch's <c>nn.AvgPool2d</c>, Keras' <c>AveragePooling2D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×H′×W′ with H′ = ⌊(H + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and W′ likewise.</para>
/// <para>
/// Formula: y[c, i, j] = 1/K · Σ x[c, S·i + m − P, S·j + n − P] over 0 ≤ m, n &lt; F, where x is 0 in the padding. K is the
/// number of elements that are counted (see <see cref="CountIncludePad"/>). The padding is at most half of the kernel.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AveragePool2DAttribute : Window2DAttribute
{
    /// <summary>Average pooling over windows of <paramref name="kernel"/> × <paramref name="kernel"/>.</summary>
    /// <param name="kernel">Rows and columns of the window, at least 1; also the stride by default.</param>
    public AveragePool2DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }

    /// <inheritdoc cref="AveragePool1DAttribute.CountIncludePad"/>
    public bool CountIncludePad { get; set; } = true;
}

/// <summary>
/// Average pooling, the mean over windows of each channel: PyTorch's <c>nn.AvgPool3d</c>, Keras' <c>AveragePooling3D</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×D×H×W → C×D′×H′×W′ with H′ = ⌊(H + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and D′ and W′ likewise.
/// </para>
/// <para>
/// Formula: y[c, h, i, j] = 1/K · Σ x[c, S·h + l − P, S·i + m − P, S·j + n − P] over 0 ≤ l, m, n &lt; F, where x is 0 in the
/// padding. K is the number of elements that are counted (see <see cref="CountIncludePad"/>). The padding is at most half of
/// the kernel.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AveragePool3DAttribute : Window3DAttribute
{
    /// <summary>
    /// Average pooling over windows of <paramref name="kernel"/> × <paramref name="kernel"/> × <paramref name="kernel"/>.
    /// </summary>
    /// <param name="kernel">Planes, rows and columns of the window, at least 1; also the stride by default.</param>
    public AveragePool3DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }

    /// <inheritdoc cref="AveragePool1DAttribute.CountIncludePad"/>
    public bool CountIncludePad { get; set; } = true;
}
