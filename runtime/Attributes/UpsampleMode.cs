namespace Strata;

/// <summary>What stands between the elements of a tensor that is made larger (PyTorch's <c>mode</c>).</summary>
public enum UpsampleMode
{
    /// <summary>The nearest element: that at ⌊i/s⌋, as in PyTorch's <c>nearest</c>.</summary>
    Nearest,

    /// <summary>Means of the neighbours along each axis, by their distance.</summary>
    Linear,

    /// <summary><see cref="Linear"/>, as it is called with two axes.</summary>
    Bilinear = Linear,

    /// <summary><see cref="Linear"/>, as it is called with three axes.</summary>
    Trilinear = Linear,
}
