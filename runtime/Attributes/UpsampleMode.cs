namespace Strata;

/// <summary>How upsampling computes values between the input's elements (PyTorch's <c>mode</c>).</summary>
public enum UpsampleMode
{
    /// <summary>
    /// The nearest element. By default output i is input ⌊i/s⌋, where s is the scale, as in PyTorch's <c>nearest</c>;
    /// <see cref="UpsampleAttribute.Coordinates"/> and <see cref="UpsampleAttribute.Rounding"/> say otherwise.
    /// </summary>
    Nearest,

    /// <summary>Linear interpolation between the two neighbours along each axis.</summary>
    Linear,

    /// <summary>Another name of <see cref="Linear"/>, for two axes.</summary>
    Bilinear = Linear,

    /// <summary>Another name of <see cref="Linear"/>, for three axes.</summary>
    Trilinear = Linear,

    /// <summary>
    /// Cubic interpolation between four neighbours along each axis (Keys 1981). Beyond the edges, the element at the edge counts.
    /// </summary>
    Cubic,

    /// <summary>Another name of <see cref="Cubic"/>, for two axes.</summary>
    Bicubic = Cubic,
}
