using System;

namespace Strata;

/// <summary>A power of each element: PyTorch's <c>torch.pow</c> with a number as exponent.</summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y = xᵖ. Whole exponents up to 8 in magnitude are products, 0.5 is a square root. Below 0, y is NaN, unless p
/// is a whole number. Its derivative is p·xᵖ⁻¹.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class PowAttribute : LayerAttribute
{
    /// <summary>A power.</summary>
    /// <param name="exponent">The exponent p, a finite number other than 0.</param>
    public PowAttribute(double exponent) => Exponent = exponent;

    /// <summary>The exponent p.</summary>
    public double Exponent { get; }
}
