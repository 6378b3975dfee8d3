using System;

namespace Strata;

/// <summary>
/// Local response normalisation across channels (Krizhevsky et al. 2012, §3.3), as in AlexNet and GoogLeNet: PyTorch's
/// <c>nn.LocalResponseNorm</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged.</para>
/// <para>
/// Formula: y[c] = x[c] / (k + α/n · Σ x[j]²)^β over the n channels j that begin at c − ⌊n/2⌋; channels that do not exist count
/// as 0. As in PyTorch, α is divided by n. The paper does not divide: its α = 10⁻⁴ with n = 5 is α = 5·10⁻⁴ here.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LocalResponseNormAttribute : LayerAttribute
{
    /// <summary>Normalises over a window of channels.</summary>
    /// <param name="size">Number of channels n of the window, at least 1.</param>
    public LocalResponseNormAttribute(int size) => Size = size;

    /// <summary>Number of channels n of the window.</summary>
    public int Size { get; }

    /// <summary>α, at least 0; 10⁻⁴ by default.</summary>
    public double Alpha { get; set; } = 1e-4;

    /// <summary>β, at least 0; 0.75 by default.</summary>
    public double Beta { get; set; } = 0.75;

    /// <summary>k, at least 0; 1 by default. With k = 0, a window of zeros gives 0, where PyTorch gives NaN.</summary>
    public double K { get; set; } = 1;
}
