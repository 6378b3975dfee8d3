namespace Strata.Imaging;

/// <summary>A region that holds text.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Score">The mean probability in the rectangle before it is enlarged, 0 to 1.</param>
public readonly record struct TextRegion(RotatedBox Box, float Score);
