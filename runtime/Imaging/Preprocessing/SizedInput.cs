namespace Strata.Imaging;

/// <summary>A picture as the input of a network at the size that suits it.</summary>
/// <param name="Network">The network at this size.</param>
/// <param name="Input">Its input: one sample (C, H, W).</param>
/// <param name="Placement">Where the picture lies in the input.</param>
public readonly record struct SizedInput(CompiledNetwork Network, float[] Input, ImagePlacement Placement);
