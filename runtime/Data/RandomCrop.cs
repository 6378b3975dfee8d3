using System;

namespace Strata.Data;

/// <summary>
/// Shifts the image by up to <see cref="Padding"/> pixels each way: the image is padded on all sides, and a part of the old size is
/// cut out, as by torchvision's <c>RandomCrop(size, padding)</c>. A signal is shifted along its length.
/// </summary>
public sealed record RandomCrop : GeometricTransform
{
    /// <summary>Creates the transform.</summary>
    /// <param name="padding">Pixels on each side, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The padding is negative.</exception>
    public RandomCrop(int padding)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        Padding = padding;
    }

    /// <summary>Pixels on each side.</summary>
    public int Padding { get; }

    internal override AffineMap Draw(int height, int width, ref TransformRandom random)
    {
        int places = (2 * Padding) + 1;
        return AffineMap.Shift(random.NextIndex(places) - Padding, height == 1 ? 0 : random.NextIndex(places) - Padding);
    }
}

/// <summary>
/// Cuts out a part of random size and shape, and resizes it to the image's size with bilinear interpolation. This is torchvision's
/// <c>RandomResizedCrop</c> (Szegedy et al. 2015, §6). From a signal, it cuts out a part of random length.
/// <c>Strata.Imaging.ImageFolder</c> cuts the part out of the photograph, before it is resized.
/// </summary>
public sealed record RandomResizedCrop : GeometricTransform
{
    // The number of the random numbers of PartOf: no transform in an augmentation has it.
    private const int Attempts = 10, OwnNumber = ushort.MaxValue;

    /// <summary>
    /// The least and the largest share of the image's area, or of the signal's length, more than 0, at most 1. Default 0.08 and
    /// 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of range, or the larger one comes first.</exception>
    public (double Minimum, double Maximum) Scale
    {
        get;
        init => field = CheckRange(value, nameof(Scale)) is (_, <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Scale), value, "A part is at most the whole image.");
    } = (0.08, 1);

    /// <summary>The least and the largest ratio of width to height, more than 0. Default 3/4 and 4/3. A signal ignores it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not more than 0 or not finite, or the larger one comes first.</exception>
    public (double Minimum, double Maximum) Ratio
    {
        get;
        init => field = CheckRange(value, nameof(Ratio));
    } = (3.0 / 4, 4.0 / 3);

    /// <summary>
    /// The part that is cut out of an image of any size, for those who cut it out of the photograph, as torchvision does and
    /// <c>Strata.Imaging.ImageFolder</c>: the part of ten at random that fits first, else the largest one in the middle.
    /// </summary>
    /// <param name="width">Pixels of a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="seed">Another seed gives other parts.</param>
    /// <param name="epoch">Number of the epoch, counted from 1.</param>
    /// <param name="index">Number of the sample in the data.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is less than 1.</exception>
    public (int Left, int Top, int Width, int Height) PartOf(int width, int height, ulong seed, int epoch, int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        TransformRandom random = new SampleKey(seed, epoch, index).Random(OwnNumber);
        return PartOf(width, height, ref random);
    }

    internal override AffineMap Draw(int height, int width, ref TransformRandom random)
    {
        if (height == 1)
        {
            int length = int.Max(1, (int)Math.Round(width * random.NextBetween(Scale.Minimum, Scale.Maximum)));
            return Map(0, random.NextIndex(width - length + 1), 1, length, 1, width);
        }

        (int left, int top, int columns, int rows) = PartOf(width, height, ref random);
        return Map(top, left, rows, columns, height, width);
    }

    private (int Left, int Top, int Width, int Height) PartOf(int width, int height, ref TransformRandom random)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            double area = height * (double)width * random.NextBetween(Scale.Minimum, Scale.Maximum);
            double ratio = Math.Exp(random.NextBetween(Math.Log(Ratio.Minimum), Math.Log(Ratio.Maximum)));
            double columns = Math.Round(Math.Sqrt(area * ratio)), rows = Math.Round(Math.Sqrt(area / ratio));
            if (columns >= 1 && columns <= width && rows >= 1 && rows <= height)
            {
                int top = random.NextIndex(height - (int)rows + 1), left = random.NextIndex(width - (int)columns + 1);
                return (left, top, (int)columns, (int)rows);
            }
        }

        // No random part fitted. Take the largest central part with an allowed aspect ratio.
        double whole = (double)width / height, wanted = double.Clamp(whole, Ratio.Minimum, Ratio.Maximum);
        int partColumns = wanted < whole ? int.Max(1, (int)Math.Round(height * wanted)) : width;
        int partRows = wanted > whole ? int.Max(1, (int)Math.Round(width / wanted)) : height;
        return ((width - partColumns) / 2, (height - partRows) / 2, partColumns, partRows);
    }

    /// <summary>
    /// Maps a part of an image to the whole image, as <c>torchvision.transforms.functional.resized_crop</c> does. One difference: at the
    /// part's edges, the interpolation uses the pixels around the part.
    /// </summary>
    internal static AffineMap Map(int top, int left, int rows, int columns, int height, int width) => AffineMap
        .Shift(left + ((columns - width) * 0.5), top + ((rows - height) * 0.5))
        .Then(AffineMap.Scale((double)columns / width, (double)rows / height));
}
