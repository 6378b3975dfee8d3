using System;

namespace Strata;

/// <summary>L2 pooling, the Euclidean norm of windows of each channel: PyTorch's <c>nn.LPPool1d</c> with norm type 2.</summary>
/// <remarks>
/// <para>Shape: C×L → C×L′ with L′ = ⌊(L + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>).</para>
/// <para>
/// Formula: y[c, i] = √(Σ x[c, S·i + k − P]²) over 0 ≤ k &lt; F, where x is 0 in the padding. As in PyTorch, a window that
/// <see cref="CeilMode"/> clips is scaled up as if it were whole: the sum is multiplied by the size of a window and divided by
/// the number of elements that it has. The gradient is 0 where y is 0.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class L2Pool1DAttribute : WindowAttribute
{
    /// <summary>L2 pooling over windows of <paramref name="kernel"/> steps.</summary>
    /// <param name="kernel">Length of the window, at least 1; also the stride by default.</param>
    public L2Pool1DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }
}

/// <summary>L2 pooling, the Euclidean norm of windows of each channel: PyTorch's <c>nn.LPPool2d</c> with norm type 2.</summary>
/// <remarks>
/// <para>Shape: C×H×W → C×H′×W′ with H′ = ⌊(H + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and W′ likewise.</para>
/// <para>
/// Formula: y[c, i, j] = √(Σ x[c, S·i + m − P, S·j + n − P]²) over 0 ≤ m, n &lt; F, where x is 0 in the padding. As in PyTorch,
/// a window that <see cref="CeilMode"/> clips is scaled up as if it were whole: the sum is multiplied by the size of a window
/// and divided by the number of elements that it has. The gradient is 0 where y is 0.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class L2Pool2DAttribute : Window2DAttribute
{
    /// <summary>L2 pooling over windows of <paramref name="kernel"/> × <paramref name="kernel"/>.</summary>
    /// <param name="kernel">Rows and columns of the window, at least 1; also the stride by default.</param>
    public L2Pool2DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }
}

/// <summary>L2 pooling, the Euclidean norm of windows of each channel: PyTorch's <c>nn.LPPool3d</c> with norm type 2.</summary>
/// <remarks>
/// <para>
/// Shape: C×D×H×W → C×D′×H′×W′ with D′ = ⌊(D + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and H′ and W′ likewise.
/// </para>
/// <para>
/// Formula: y[c, h, i, j] = √(Σ x[c, S·h + l − P, S·i + m − P, S·j + n − P]²) over 0 ≤ l, m, n &lt; F, where x is 0 in the
/// padding. As in PyTorch, a window that <see cref="CeilMode"/> clips is scaled up as if it were whole: the sum is multiplied
/// by the size of a window and divided by the number of elements that it has. The gradient is 0 where y is 0.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class L2Pool3DAttribute : Window3DAttribute
{
    /// <summary>
    /// L2 pooling over windows of <paramref name="kernel"/> × <paramref name="kernel"/> × <paramref name="kernel"/>.
    /// </summary>
    /// <param name="kernel">Planes, rows and columns of the window, at least 1; also the stride by default.</param>
    public L2Pool3DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }
}
