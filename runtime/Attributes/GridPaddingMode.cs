namespace Strata;

/// <summary>What <see cref="GridSampleAttribute"/> reads outside of the tensor (PyTorch's <c>padding_mode</c>).</summary>
public enum GridPaddingMode
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The nearest element at the border.</summary>
    Border,

    /// <summary>
    /// The tensor as in a mirror at its edges; with <see cref="GridSampleAttribute.AlignCorners"/>, at the centres of its outermost
    /// elements.
    /// </summary>
    Reflection,
}
