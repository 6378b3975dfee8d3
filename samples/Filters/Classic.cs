using Strata;

namespace Samples.Filters;

/// <summary>
/// Kernels that people wrote down before networks learnt theirs. Each branch applies one of them to red, green and blue separately. Nothing
/// here is trained, so there is no loss.
/// </summary>
[Network, Input(3, Height, Width)]
[Branch, Filter2D(Filter.Edge, Padding = 1, PaddingMode = Mode)]
[Branch, Filter2D(Filter.SobelX, Padding = 1, PaddingMode = Mode, Name = "across")]
[Branch, Filter2D(Filter.SobelY, Padding = 1, PaddingMode = Mode, Name = "down")]
[Branch, Blur, Blur, Blur]                                   // a filter reaches one pixel far; nine of them reach nine
[Branch, Filter2D(Filter.Sharpen, Padding = 1, PaddingMode = Mode)]
[Branch, Filter2D(Filter.Emboss, Padding = 1, PaddingMode = Mode)]
[Concat(Name = "six")]
[Steepness(Tensors = ["across", "down"], Name = "steepness")]
[Concat("six", "steepness")]
public partial class Classic
{
    public const int Width = 180, Height = 124;

    /// <summary>Beyond the border the picture goes on as it ends. With zeros there would be an edge around it.</summary>
    private const PaddingMode Mode = PaddingMode.Replicate;
}

/// <summary>Three Gaussian blurs, one after the other: together they are nearly a Gaussian curve of twice the width.</summary>
[Filter2D(Filter.GaussianBlur, Padding = 1, PaddingMode = PaddingMode.Replicate)]
[Filter2D(Filter.GaussianBlur, Padding = 1, PaddingMode = PaddingMode.Replicate)]
[Filter2D(Filter.GaussianBlur, Padding = 1, PaddingMode = PaddingMode.Replicate)]
public sealed class BlurAttribute : BlockAttribute;

/// <summary>How much a pixel differs from its neighbours in any direction: an operator of this project's own.</summary>
public sealed class SteepnessAttribute : ElementwiseAttribute
{
    public static float Value(float a, float b) => MathF.Sqrt((a * a) + (b * b));
}
