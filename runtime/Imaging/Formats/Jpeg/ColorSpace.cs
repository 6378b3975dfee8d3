namespace Strata.Imaging.Jpeg;

/// <summary>What the components of a file are.</summary>
internal enum ColorSpace
{
    Grey,
    YCbCr,
    Rgb,
    Cmyk,
    Ycck,
}
