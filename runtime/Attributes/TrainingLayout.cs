namespace Strata;

/// <summary>How the samples of a batch lie in memory while a network is trained. The numbers that come out differ in the last places only.</summary>
public enum TrainingLayout
{
    /// <summary>What the generator expects to take less time, for each instruction set.</summary>
    Automatic,

    /// <summary>
    /// A vector holds the same element of as many samples as it has lanes: 16 with AVX-512, 8 with AVX2, 4 otherwise. The fastest for small images in batches that
    /// fill the lanes; a batch that does not takes as long as one that does.
    /// </summary>
    SampleLanes,

    /// <summary>
    /// Samples lie one behind the other, and a vector holds channels of one pixel: [N][C/v][H][W][v]. The fastest for large images, many channels and small batches. Layers
    /// that cannot fill their lanes with channels still get samples in lanes; what lies between the two is moved.
    /// </summary>
    Blocked,
}
