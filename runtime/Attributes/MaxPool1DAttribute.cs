using System;

namespace Strata;

/// <summary>Maximum over windows of each channel: PyTorch's <c>nn.MaxPool1d</c>, Keras' <c>MaxPooling1D</c>.</summary>
/// <remarks>
/// <para>Shape: C×L → C×L′ with L′ = ⌊(L + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>).</para>
/// <para>Formula: y[c, i] = max x[c, S·i + k − P] over 0 ≤ k &lt; F. The padding never wins; it may be at
/// most half of the kernel. The gradient goes to the first maximum of each window.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MaxPool1DAttribute : WindowAttribute
{
    /// <summary>Max pooling over windows of <paramref name="kernel"/> steps.</summary>
    /// <param name="kernel">Steps of the window, at least 1; also the stride, unless one is given.</param>
    public MaxPool1DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>
    /// Whether a last window that hangs over the padded input counts, as long as it begins inside the input or its padding
    /// before; false by default. Written out, false says that the rest is left out on purpose.
    /// </summary>
    public bool CeilMode { get; set; }
}
