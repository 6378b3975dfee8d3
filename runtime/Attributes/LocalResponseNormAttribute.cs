using System;

namespace Strata;

/// <summary>
/// Local response normalisation across channels (Krizhevsky et al. 2012, §3.3), as in AlexNet and GoogLeNet: PyTorch's
/// <c>nn.LocalResponseNorm</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged.</para>
/// <para>Formula: y[c] = x[c] / (k + α/n · Σ x[j]²)^β over the n channels j from c − ⌊n/2⌋ on, of which those that do not exist count
/// as 0. As in PyTorch, α is divided by n; the paper's α = 10⁻⁴ at n = 5 is 5·10⁻⁴ here.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LocalResponseNormAttribute : LayerAttribute
{
    /// <summary>Normalises over a window of channels.</summary>
    /// <param name="size">Channels of the window, n, at least 1.</param>
    public LocalResponseNormAttribute(int size) => Size = size;

    /// <summary>Channels of the window, n.</summary>
    public int Size { get; }

    /// <summary>α, at least 0.</summary>
    public double Alpha { get; set; } = 1e-4;

    /// <summary>β, at least 0.</summary>
    public double Beta { get; set; } = 0.75;

    /// <summary>k, at least 0. With 0, what is 0 in all of its window stays 0 (PyTorch: not a number).</summary>
    public double K { get; set; } = 1;
}
