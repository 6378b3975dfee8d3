using System;

namespace Strata;

/// <summary>The instruction-set tiers for which networks are compiled, the narrowest first.</summary>
public enum Isa
{
    /// <summary>128-bit vectors, which .NET maps to whatever the processor has (SSE, NEON, …).</summary>
    Vector128,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors.</summary>
    Avx512,
}

/// <summary>Properties of an instruction-set tier.</summary>
public static class IsaExtensions
{
    /// <summary>The number of 32-bit floats in a vector of the tier.</summary>
    /// <param name="isa">The tier.</param>
    /// <returns>4, 8 or 16.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="isa"/> is no tier.</exception>
    public static int Lanes(this Isa isa) => isa switch
    {
        Isa.Vector128 => 4,
        Isa.Avx2 => 8,
        Isa.Avx512 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(isa), isa, "Expected Vector128, Avx2 or Avx512."),
    };
}
