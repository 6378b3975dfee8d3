namespace Strata;

/// <summary>How <see cref="GridSampleAttribute"/> computes values between elements (PyTorch's <c>mode</c>).</summary>
public enum GridSampleMode
{
    /// <summary>Linear interpolation between the two neighbours along each axis; of volumes, trilinear.</summary>
    Bilinear,

    /// <summary>The nearest element; of two, the one with the even index.</summary>
    Nearest,

    /// <summary>Cubic convolution of four neighbours along each axis (Keys 1981, with a = −0.75). Images only.</summary>
    Bicubic,
}
