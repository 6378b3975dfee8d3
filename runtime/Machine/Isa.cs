namespace Strata;

/// <summary>The instruction-set tiers for which networks are compiled. A value is the number of floats in the tier's vectors.</summary>
public enum Isa
{
    /// <summary>128-bit vectors, which .NET maps to whatever the processor has (SSE, NEON, …).</summary>
    Vector128 = 4,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2 = 8,

    /// <summary>512-bit vectors.</summary>
    Avx512 = 16,
}
