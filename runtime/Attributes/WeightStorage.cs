namespace Strata;

/// <summary>How an instance of a network keeps the weights of dense layers: the type of their elements in memory.</summary>
public enum WeightStorage
{
    /// <summary>As they are: 32-bit floats.</summary>
    Float32,

    /// <summary>
    /// As bfloat16, the upper half of a float. Weights take half the memory, and inference reads half as much. They are rounded to the
    /// nearest bfloat16 (ties to even; NaN stays NaN). Sums stay 32-bit floats.
    /// </summary>
    BFloat16,
}
