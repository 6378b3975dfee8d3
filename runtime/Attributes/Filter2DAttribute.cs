using System;

namespace Strata;

/// <summary>Applies a classic filter with fixed numbers to each channel separately: edges, blur, sharpening.</summary>
/// <remarks>
/// <para>Shape: C×H×W → C×(H + 2P − 2)×(W + 2P − 2).</para>
/// <para>
/// Formula: y[c, i, j] = Σ k[m, n] · x[c, i + m − P, j + n − P], where k is the 3×3 filter (see <see cref="Strata.Filter"/>).
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Filter2DAttribute : LayerAttribute
{
    /// <summary>Applies <paramref name="filter"/>.</summary>
    /// <param name="filter">The filter.</param>
    public Filter2DAttribute(Filter filter) => Filter = filter;

    /// <summary>The filter.</summary>
    public Filter Filter { get; }

    /// <summary>Elements added on each side before filtering, at least 0. 0 by default; 1 keeps the size.</summary>
    public int Padding { get; set; }

    /// <summary>How padding is filled; with zeros by default.</summary>
    public PaddingMode PaddingMode { get; set; }
}
