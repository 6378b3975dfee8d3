using System;

namespace Strata;

/// <summary>Rotates, shifts and scales about the image's centre: <c>RandomAffine</c>, with bilinear interpolation.</summary>
public sealed record RandomAffine : GeometricTransform
{
    /// <summary>The largest angle in degrees, either way, 0 or more. Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double Degrees
    {
        get;
        init => field = CheckNotNegative(value, nameof(Degrees));
    }

    /// <summary>The largest shift as a share of width and height, either way, 0 to 1; rounded to whole pixels. Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A share is not from 0 to 1.</exception>
    public (double Horizontal, double Vertical) Translate
    {
        get;
        init => field = (CheckShare(value.Horizontal, nameof(Translate)), CheckShare(value.Vertical, nameof(Translate)));
    }

    /// <summary>The least and the largest factor by which the content grows, more than 0. Default 1 and 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not two numbers more than 0, the smaller one first.</exception>
    public (double Minimum, double Maximum) Scale
    {
        get;
        init => field = CheckRange(value, nameof(Scale));
    } = (1, 1);

    internal override AffineMap Draw(int height, int width, ref TransformRandom random)
    {
        double angle = random.NextBetween(-Degrees, Degrees);
        double shiftX = Math.Round(random.NextBetween(-Translate.Horizontal, Translate.Horizontal) * width);
        double shiftY = Math.Round(random.NextBetween(-Translate.Vertical, Translate.Vertical) * height);
        return Map(angle, shiftX, shiftY, random.NextBetween(Scale.Minimum, Scale.Maximum));
    }

    /// <summary>
    /// Rotates by an angle in degrees, clockwise, scales, and then shifts: <c>torchvision.transforms.functional.affine</c>.
    /// </summary>
    internal static AffineMap Map(double degrees, double shiftX, double shiftY, double scale)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);

        // The inverse of rotation and scaling, of what was shifted back.
        return new AffineMap(cosine / scale, sine / scale, 0, -sine / scale, cosine / scale, 0).Then(AffineMap.Shift(-shiftX, -shiftY));
    }
}
