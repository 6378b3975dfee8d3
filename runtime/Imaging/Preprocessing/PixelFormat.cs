namespace Strata.Imaging;

/// <summary>How the bytes of a pixel stand in memory, from the lowest address up. Eight bits each; alpha is ignored.</summary>
public enum PixelFormat
{
    /// <summary>Red, green, blue.</summary>
    Rgb24,

    /// <summary>Blue, green, red: OpenCV, and System.Drawing's <c>Format24bppRgb</c>.</summary>
    Bgr24,

    /// <summary>Red, green, blue, alpha: ImageSharp's <c>Rgba32</c>.</summary>
    Rgba32,

    /// <summary>Blue, green, red, alpha: Windows bitmaps, WPF, SkiaSharp's default.</summary>
    Bgra32,

    /// <summary>One byte of brightness.</summary>
    Gray8,
}
