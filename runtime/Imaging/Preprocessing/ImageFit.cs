namespace Strata.Imaging;

/// <summary>How a picture of any size becomes a network's input.</summary>
public enum ImageFit
{
    /// <summary>
    /// The shorter side is resized to <see cref="ImagePreprocessing.ShorterSide"/>, then the middle is cut out: torchvision's
    /// <c>Resize(256), CenterCrop(224)</c>. For classifiers.
    /// </summary>
    Crop,

    /// <summary>Both sides are resized, and proportions change: torchvision's <c>Resize((height, width))</c>.</summary>
    Stretch,

    /// <summary>The whole picture is resized into the input with its proportions, and the rest is filled. For detectors.</summary>
    Letterbox,

    /// <summary>
    /// As <see cref="Letterbox"/>, but a picture that is smaller than the input keeps its pixels: it is only padded.
    /// </summary>
    Pad,
}

/// <summary>
/// How pixels between pixels are computed. When a picture shrinks, all pixels that become a new one count (antialiasing).
/// </summary>
public enum Interpolation
{
    /// <summary>Weights are a triangle: Pillow's <c>BILINEAR</c>, torchvision's default.</summary>
    Bilinear,

    /// <summary>Weights are a cubic with a = −0.5 (Keys 1981): Pillow's <c>BICUBIC</c>.</summary>
    Bicubic,
}
