namespace Strata;

/// <summary>How upsampling computes values between the input's elements (PyTorch's <c>mode</c>).</summary>
public enum UpsampleMode
{
    /// <summary>The element at ⌊i/s⌋, as in PyTorch's <c>nearest</c>.</summary>
    Nearest,

    /// <summary>Linear interpolation between the two neighbours along each axis.</summary>
    Linear,

    /// <summary>Another name of <see cref="Linear"/>, for two axes.</summary>
    Bilinear = Linear,

    /// <summary>Another name of <see cref="Linear"/>, for three axes.</summary>
    Trilinear = Linear,
}
