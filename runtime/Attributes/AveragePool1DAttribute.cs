using System;

namespace Strata;

/// <summary>Mean over windows of each channel: PyTorch's <c>nn.AvgPool1d</c>, Keras' <c>AveragePooling1D</c>.</summary>
/// <remarks>
/// <para>Shape: C×L → C×L′ with L′ = ⌊(L + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>).</para>
/// <para>Formula: y[c, i] = 1/K · Σ x[c, S·i + k − P] over 0 ≤ k &lt; F, where x is 0 in the padding and K is
/// the number of elements that count (<see cref="CountIncludePad"/>). The padding may be at most half of the kernel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AveragePool1DAttribute : WindowAttribute
{
    /// <summary>Average pooling over windows of <paramref name="kernel"/> steps.</summary>
    /// <param name="kernel">Steps of the window, at least 1; also the stride, unless one is given.</param>
    public AveragePool1DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>
    /// Whether a last window that hangs over the padded input counts, as long as it begins inside the input or its padding
    /// before; false by default. Written out, false says that the rest is left out on purpose.
    /// </summary>
    public bool CeilMode { get; set; }

    /// <summary>Whether the zeros of the padding count in the divisor; true by default, as in PyTorch. Keras leaves them out.</summary>
    public bool CountIncludePad { get; set; } = true;
}
