namespace Strata;

/// <summary>How padding is filled (PyTorch's <c>padding_mode</c>). The examples pad the row a b c.</summary>
public enum PaddingMode
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>
    /// The input mirrored at its first and last element, which are not repeated: c b | a b c | b a. The padding must be less
    /// than the extent.
    /// </summary>
    Reflect,

    /// <summary>Copies of the element at the edge: a a | a b c | c c.</summary>
    Replicate,

    /// <summary>The input continued from its other end: b c | a b c | a b. The padding is at most the extent.</summary>
    Circular,
}
