using System;

namespace Strata.Data;

/// <summary>Rotates, shears, scales and shifts about the image's centre: torchvision's <c>RandomAffine</c>, bilinear.</summary>
/// <remarks>
/// A signal can be scaled, and shifted along its length. <see cref="Degrees"/> and all vertical settings must be 0 for it.
/// </remarks>
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

    /// <summary>The least and the largest scale, more than 0; above 1 enlarges. Default 1 and 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not two numbers more than 0, the smaller one first.</exception>
    public (double Minimum, double Maximum) Scale
    {
        get;
        init => field = CheckRange(value, nameof(Scale));
    } = (1, 1);

    /// <summary>
    /// The largest shear in degrees, either way, 0 to less than 90. Default 0. Horizontal shear leans vertical lines; vertical shear leans
    /// horizontal lines.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An angle is not from 0 to less than 90.</exception>
    public (double Horizontal, double Vertical) Shear
    {
        get;
        init => field = value is { Horizontal: >= 0 and < 90, Vertical: >= 0 and < 90 }
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Shear), value, "Shear must be angles from 0 to less than 90 degrees.");
    }

    internal override bool LeavesRow => Degrees > 0 || Translate.Vertical > 0 || Shear.Vertical > 0;

    internal override AffineMap Draw(int height, int width, ref TransformRandom random)
    {
        double angle = random.NextBetween(-Degrees, Degrees);
        double shiftX = Math.Round(random.NextBetween(-Translate.Horizontal, Translate.Horizontal) * width);
        double shiftY = Math.Round(random.NextBetween(-Translate.Vertical, Translate.Vertical) * height);
        double scale = random.NextBetween(Scale.Minimum, Scale.Maximum);
        double shearX = random.NextBetween(-Shear.Horizontal, Shear.Horizontal);
        return Map(angle, shiftX, shiftY, scale, shearX, random.NextBetween(-Shear.Vertical, Shear.Vertical));
    }

    /// <summary>
    /// Shears and rotates by angles in degrees, clockwise, scales, and then shifts: <c>torchvision.transforms.functional.affine</c>.
    /// </summary>
    internal static AffineMap Map(double degrees, double shiftX, double shiftY, double scale, double shearX = 0, double shearY = 0)
    {
        (double angle, double leanX, double leanY) = (double.DegreesToRadians(degrees), double.DegreesToRadians(shearX),
            double.DegreesToRadians(shearY));
        (double sine, double cosine) = Math.SinCos(angle - leanY);
        (double x, double y) = (sine / Math.Cos(leanY), cosine / Math.Cos(leanY));
        double tangent = Math.Tan(leanX);

        // The inverse map: first undo the shift, then scaling, rotation and shear.
        return new AffineMap(
            (Math.Cos(angle) - (x * tangent)) / scale, (Math.Sin(angle) + (y * tangent)) / scale, 0, -x / scale, y / scale, 0)
            .Then(AffineMap.Shift(-shiftX, -shiftY));
    }
}
