namespace Strata.Imaging;

/// <summary>What reading a file cost.</summary>
/// <param name="Pixels">The pixels that the file's header claims, if they were allowed.</param>
/// <param name="NativeBytes">The memory that was used beside the managed one.</param>
internal readonly record struct ReadCost(long Pixels, long NativeBytes);
