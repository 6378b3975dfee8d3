namespace Strata;

/// <summary>How upsampling computes values between the input's elements (PyTorch's <c>mode</c>).</summary>
public enum UpsampleMode
{
    /// <summary>Output i is input ⌊i/s⌋, where s is the scale, as in PyTorch's <c>nearest</c>.</summary>
    Nearest,

    /// <summary>Linear interpolation between the two neighbours along each axis.</summary>
    Linear,

    /// <summary>Another name of <see cref="Linear"/>, for two axes.</summary>
    Bilinear = Linear,

    /// <summary>Another name of <see cref="Linear"/>, for three axes.</summary>
    Trilinear = Linear,
}
