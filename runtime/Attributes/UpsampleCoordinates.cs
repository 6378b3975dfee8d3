namespace Strata;

/// <summary>
/// Where output i is, in elements of the input (ONNX's <c>coordinate_transformation_mode</c>). s is the scale, and N and N′ are the
/// extents of input and output.
/// </summary>
public enum UpsampleCoordinates
{
    /// <summary>PyTorch's: <see cref="Asymmetric"/> for the nearest element, <see cref="HalfPixel"/> for interpolation.</summary>
    Default,

    /// <summary>At (i + ½)/s − ½: elements are areas.</summary>
    HalfPixel,

    /// <summary>At i·(N − 1)/(N′ − 1): the first and the last elements have the same places. A single output is at 0.</summary>
    AlignCorners,

    /// <summary>At i/s.</summary>
    Asymmetric,

    /// <summary>As <see cref="HalfPixel"/>, but a single output is at 0.</summary>
    PytorchHalfPixel,
}
