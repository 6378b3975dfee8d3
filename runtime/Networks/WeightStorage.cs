namespace Strata;

/// <summary>How an instance of a network keeps the weights of dense layers.</summary>
public enum WeightStorage
{
    /// <summary>As they are: 32-bit floats.</summary>
    Float32,

    /// <summary>
    /// As bfloat16, the upper half of a float, rounded to the nearest one (ties to even; NaN stays NaN): half the memory, and half of what
    /// inference reads of it. Sums stay 32-bit floats.
    /// </summary>
    BFloat16,
}
