using System;

namespace Strata;

/// <summary>
/// Smooth maximum of windows of each channel: log-sum-exp pooling (Pinheiro and Collobert 2015, section 3.2), <c>torch.logsumexp</c> of windows.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×H′×W′ with H′ = ⌊(H + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and W′ likewise.</para>
/// <para>Formula: y[c, i, j] = ln(Σ e^(r·x[c, S·i + m − P, S·j + n − P])/N)/r over 0 ≤ m, n &lt; F, for the N
/// elements of the window that are inside the input, and the sharpness r: between their mean, for a small r, and their maximum, for a large one.
/// Large elements do not overflow.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LogSumExpPool2DAttribute : Window2DAttribute
{
    /// <summary>Log-sum-exp pooling of windows of <paramref name="kernel"/> × <paramref name="kernel"/>.</summary>
    /// <param name="kernel">Rows and columns of the window, at least 1; also the stride, unless one is given.</param>
    public LogSumExpPool2DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>r in the formula: a positive 32-bit number; 1 by default.</summary>
    public double Sharpness { get; set; } = 1;

    /// <summary>
    /// Whether a last window that hangs over the padded input counts, as long as it begins inside the input or its padding
    /// before; false by default. Written out, false says that the rest is left out on purpose.
    /// </summary>
    public bool CeilMode { get; set; }
}
