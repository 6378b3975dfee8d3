namespace Strata;

/// <summary>What stands in the margin that padding adds (PyTorch's <c>padding_mode</c>).</summary>
public enum PaddingMode
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The input mirrored at its first and last element, which are not repeated: c b | a b c | b a. Less than the extent.</summary>
    Reflect,

    /// <summary>The element at the edge, again and again: a a | a b c | c c.</summary>
    Replicate,

    /// <summary>The input's other end: b c | a b c | a b. At most the extent.</summary>
    Circular,
}
