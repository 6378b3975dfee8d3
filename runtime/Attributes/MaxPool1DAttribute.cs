using System;

namespace Strata;

/// <summary>
/// Max pooling, the maximum over windows of each channel: PyTorch's <c>nn.MaxPool1d</c>, Keras' <c>MaxPooling1D</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×L → C×L′ with L′ = ⌊(L + 2P − D·(F − 1) − 1)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>): kernel F, stride S, padding P,
/// dilation D.
/// </para>
/// <para>
/// Formula: y[c, i] = max x[c, S·i + D·k − P] over 0 ≤ k &lt; F. The padding counts as −∞, and is at most half of what a window spans,
/// D·(F − 1) + 1. The gradient goes to the first maximum of each window.
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
