namespace Strata.Imaging.Jpeg;

/// <summary>A scan header.</summary>
/// <param name="Components">The components whose data follow, interleaved if there are several.</param>
/// <param name="First">The first coefficient in zigzag order.</param>
/// <param name="Last">The last one.</param>
/// <param name="High">The low bits that were missing before this scan; 0 if this is the coefficients' first scan.</param>
/// <param name="Low">The low bits that are missing after it.</param>
internal sealed record Scan(Component[] Components, int First, int Last, int High, int Low);
