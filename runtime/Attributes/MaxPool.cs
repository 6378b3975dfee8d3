using System;

namespace Strata;

/// <summary>
/// Max pooling, the maximum over windows of each channel: PyTorch's <c>nn.MaxPool1d</c>, Keras' <c>MaxPooling1D</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×L → C×L′ with L′ = ⌊(L + 2P − d·(F − 1) − 1)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>): kernel F, stride S, padding P,
/// dilation d.
/// </para>
/// <para>
/// Formula: y[c, i] = max x[c, S·i + d·k − P] over 0 ≤ k &lt; F. The padding counts as −∞, and is at most half of what a window spans,
/// d·(F − 1) + 1. The gradient goes to the first maximum of each window.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MaxPool1DAttribute : WindowAttribute
{
    /// <summary>Max pooling over windows of <paramref name="kernel"/> steps.</summary>
    /// <param name="kernel">Length of the window, at least 1; also the stride by default.</param>
    public MaxPool1DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>Distance between the elements of a window, at least 1 (the default).</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>
    /// Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false by default.
    /// It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.
    /// </summary>
    public bool CeilMode { get; set; }
}

/// <summary>
/// Max pooling, the maximum over windows of each channel: PyTorch's <c>nn.MaxPool2d</c>, Keras' <c>MaxPooling2D</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → C×H′×W′ with H′ = ⌊(H + 2P − d·(F − 1) − 1)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and W′ likewise: kernel F,
/// stride S, padding P, dilation d.
/// </para>
/// <para>
/// Formula: y[c, i, j] = max x[c, S·i + d·m − P, S·j + d·n − P] over 0 ≤ m, n &lt; F. The padding counts as −∞, and is at most half of
/// what a window spans, d·(F − 1) + 1. The gradient goes to the first maximum of each window.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MaxPool2DAttribute : Window2DAttribute
{
    /// <summary>Max pooling over windows of <paramref name="kernel"/> × <paramref name="kernel"/>.</summary>
    /// <param name="kernel">Rows and columns of the window, at least 1; also the stride by default.</param>
    public MaxPool2DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>Distance between the rows and between the columns of a window; at least 1 (the default).</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Distance between the rows of a window, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationHeight { get; set; }

    /// <summary>Distance between the columns of a window, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationWidth { get; set; }

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }
}

/// <summary>
/// Max pooling, the maximum over windows of each channel: PyTorch's <c>nn.MaxPool3d</c>, Keras' <c>MaxPooling3D</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×D×H×W → C×D′×H′×W′ with H′ = ⌊(H + 2P − d·(F − 1) − 1)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and D′ and W′
/// likewise: kernel F, stride S, padding P, dilation d.
/// </para>
/// <para>
/// Formula: y[c, h, i, j] = max x[c, S·h + d·l − P, S·i + d·m − P, S·j + d·n − P] over 0 ≤ l, m, n &lt; F. The padding counts as
/// −∞, and is at most half of what a window spans, d·(F − 1) + 1. The gradient goes to the first maximum of each window.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MaxPool3DAttribute : Window3DAttribute
{
    /// <summary>Max pooling over windows of <paramref name="kernel"/> × <paramref name="kernel"/> × <paramref name="kernel"/>.</summary>
    /// <param name="kernel">Planes, rows and columns of the window, at least 1; also the stride by default.</param>
    public MaxPool3DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>Distance between the planes, rows and columns of a window, along each axis; at least 1 (the default).</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Distance between the planes of a window, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationDepth { get; set; }

    /// <summary>Distance between the rows of a window, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationHeight { get; set; }

    /// <summary>Distance between the columns of a window, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationWidth { get; set; }

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }
}
