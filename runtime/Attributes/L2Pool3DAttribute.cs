using System;

namespace Strata;

/// <summary>Euclidean norm of windows of each channel: PyTorch's <c>nn.LPPool3d</c> with norm type 2.</summary>
/// <remarks>
/// <para>Shape: C×D×H×W → C×D′×H′×W′ with D′ = ⌊(D + 2P − F)/S⌋ + 1 (⌈⌉ with <see cref="CeilMode"/>), and H′ and W′ likewise.</para>
/// <para>Formula: y[c, h, i, j] = √(Σ x[c, S·h + l − P, S·i + m − P, S·j + n − P]²) over 0 ≤ l, m, n &lt; F, where x is 0 in the padding. A window that <see cref="CeilMode"/> clips counts as if
/// it were whole, as in PyTorch: the sum is multiplied by the elements of a window per element that it has. The gradient is 0 where y
/// is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class L2Pool3DAttribute : Window3DAttribute
{
    /// <summary>Pooling by the norm of windows of <paramref name="kernel"/> × <paramref name="kernel"/> × <paramref name="kernel"/>.</summary>
    /// <param name="kernel">Planes, rows and columns of the window, at least 1; also the stride, unless one is given.</param>
    public L2Pool3DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>
    /// Whether a last window that hangs over the padded input counts, as long as it begins inside the input or its padding
    /// before; false by default. Written out, false says that the rest is left out on purpose.
    /// </summary>
    public bool CeilMode { get; set; }
}
