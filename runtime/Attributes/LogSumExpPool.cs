using System;

namespace Strata;

/// <summary>
/// Log-sum-exp pooling, a smooth maximum over windows of each channel (Pinheiro and Collobert 2015, section 3.2):
/// <c>torch.logsumexp</c> of windows.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×L′ with L′ = ⌊(L + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>).</para>
/// <para>
/// Formula: y[c, i] = ln(Σ e^(r·x[c, S·i + k − P])/N)/r over 0 ≤ k &lt; F, where N is the number of elements of the window
/// inside the input, and r is the <see cref="Sharpness"/>. A small r gives nearly the mean of the window, a large r nearly its
/// maximum. Large elements do not overflow.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LogSumExpPool1DAttribute : WindowAttribute
{
    /// <summary>Log-sum-exp pooling over windows of <paramref name="kernel"/> steps.</summary>
    /// <param name="kernel">Length of the window, at least 1; also the stride by default.</param>
    public LogSumExpPool1DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>r in the formula: a positive number that a 32-bit float can hold; 1 by default.</summary>
    public double Sharpness { get; set; } = 1;

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }
}

/// <summary>
/// Log-sum-exp pooling, a smooth maximum over windows of each channel (Pinheiro and Collobert 2015, section 3.2):
/// <c>torch.logsumexp</c> of windows.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×H′×W′ with H′ = ⌊(H + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and W′ likewise.</para>
/// <para>
/// Formula: y[c, i, j] = ln(Σ e^(r·x[c, S·i + m − P, S·j + n − P])/N)/r over 0 ≤ m, n &lt; F, where N is the number of elements
/// of the window inside the input, and r is the <see cref="Sharpness"/>. A small r gives nearly the mean of the window, a large
/// r nearly its maximum. Large elements do not overflow.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LogSumExpPool2DAttribute : Window2DAttribute
{
    /// <summary>Log-sum-exp pooling over windows of <paramref name="kernel"/> × <paramref name="kernel"/>.</summary>
    /// <param name="kernel">Rows and columns of the window, at least 1; also the stride by default.</param>
    public LogSumExpPool2DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>r in the formula: a positive number that a 32-bit float can hold; 1 by default.</summary>
    public double Sharpness { get; set; } = 1;

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }
}

/// <summary>
/// Log-sum-exp pooling, a smooth maximum over windows of each channel (Pinheiro and Collobert 2015, section 3.2):
/// <c>torch.logsumexp</c> of windows.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×D×H×W → C×D′×H′×W′ with D′ = ⌊(D + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and H′ and W′ likewise.
/// </para>
/// <para>
/// Formula: y[c, h, i, j] = ln(Σ e^(r·x[c, S·h + l − P, S·i + m − P, S·j + n − P])/N)/r over 0 ≤ l, m, n &lt; F, where N is the
/// number of elements of the window inside the input, and r is the <see cref="Sharpness"/>. A small r gives nearly the mean of
/// the window, a large r nearly its maximum. Large elements do not overflow.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LogSumExpPool3DAttribute : Window3DAttribute
{
    /// <summary>
    /// Log-sum-exp pooling over windows of <paramref name="kernel"/> × <paramref name="kernel"/> × <paramref name="kernel"/>.
    /// </summary>
    /// <param name="kernel">Planes, rows and columns of the window, at least 1; also the stride by default.</param>
    public LogSumExpPool3DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>r in the formula: a positive number that a 32-bit float can hold; 1 by default.</summary>
    public double Sharpness { get; set; } = 1;

    /// <inheritdoc cref="MaxPool1DAttribute.CeilMode"/>
    public bool CeilMode { get; set; }
}
