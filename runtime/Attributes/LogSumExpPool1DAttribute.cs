using System;

namespace Strata;

/// <summary>
/// Smooth maximum of windows of each channel: log-sum-exp pooling (Pinheiro and Collobert 2015, section 3.2), <c>torch.logsumexp</c> of windows.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×L′ with L′ = ⌊(L + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>).</para>
/// <para>Formula: y[c, i] = ln(Σ e^(r·x[c, S·i + k − P])/N)/r over 0 ≤ k &lt; F, for the N
/// elements of the window that are inside the input, and the sharpness r: between their mean, for a small r, and their maximum, for a large one.
/// Large elements do not overflow.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LogSumExpPool1DAttribute : WindowAttribute
{
    /// <summary>Log-sum-exp pooling of windows of <paramref name="kernel"/> steps.</summary>
    /// <param name="kernel">Steps of the window, at least 1; also the stride, unless one is given.</param>
    public LogSumExpPool1DAttribute(int kernel)
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
