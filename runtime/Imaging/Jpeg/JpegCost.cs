namespace Strata.Imaging.Jpeg;

/// <summary>What reading a file cost.</summary>
/// <param name="Pixels">The pixels that the file's header claims, if they were allowed.</param>
/// <param name="WorkingBytes">The memory that was used beside the picture.</param>
internal readonly record struct JpegCost(long Pixels, long WorkingBytes);
