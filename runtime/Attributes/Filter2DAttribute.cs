using System;

namespace Strata;

/// <summary>
/// A classic filter that nothing is learned of, applied to each channel by itself: edges, blur, sharpening.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×(H + 2P − 2)×(W + 2P − 2).</para>
/// <para>Formula: y[c, i, j] = Σ k[m, n] · x[c, i + m − P, j + n − P], with the 3×3 numbers of <see cref="Strata.Filter"/>.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class Filter2DAttribute : LayerAttribute
{
    /// <summary>Applies <paramref name="filter"/>.</summary>
    /// <param name="filter">Which one.</param>
    public Filter2DAttribute(Filter filter) => Filter = filter;

    /// <summary>The filter.</summary>
    public Filter Filter { get; }

    /// <summary>Elements added on each side before; 0 by default, 1 keeps the size.</summary>
    public int Padding { get; set; }

    /// <summary>What is added; zeros by default.</summary>
    public PaddingMode PaddingMode { get; set; }
}
