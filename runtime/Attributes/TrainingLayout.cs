namespace Strata;

/// <summary>
/// How the samples of a batch are laid out in memory during training. Results differ in the last digits only.
/// </summary>
public enum TrainingLayout
{
    /// <summary>The layout that the generator expects to be faster, chosen for each instruction set.</summary>
    Automatic,

    /// <summary>
    /// A vector holds the same element of several samples: 16 with AVX-512, 8 with AVX2, otherwise 4. This is the fastest
    /// layout for small images. A batch whose size is no multiple of this number takes as long as the next multiple.
    /// </summary>
    SampleLanes,

    /// <summary>
    /// Samples follow one another, and a vector holds v channels of one pixel: [N][C/v][H][W][v]. This is the fastest layout
    /// for large images, many channels and small batches. Layers that cannot fill a vector with channels still use
    /// <see cref="SampleLanes"/>; tensors between the two are converted.
    /// </summary>
    Blocked,
}
