using System;

namespace Strata.Data;

/// <summary>
/// Fills a random rectangle with <see cref="Augmentation.Fill"/>: torchvision's <c>RandomErasing</c> (Zhong et al. 2020). In a signal, it
/// fills a part of random length. If both scales are equal, both ratios are 1 and the probability is 1, this is cutout (DeVries and Taylor
/// 2017): a square of a fixed size.
/// </summary>
/// <param name="Probability">The probability that a sample is changed, 0 to 1.</param>
/// <exception cref="ArgumentOutOfRangeException">The probability is out of range.</exception>
public sealed record RandomErasing(double Probability = 0.5) : Transform
{
    private const int Attempts = 10;

    /// <summary>The probability that a sample is changed, 0 to 1.</summary>
    public double Probability
    {
        get;
        init => field = CheckShare(value, nameof(Probability));
    } = CheckShare(Probability, nameof(Probability));

    /// <summary>
    /// The least and the largest share of the image's area, or of the signal's length, more than 0. Default 0.02 and 0.33.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not two numbers more than 0, the smaller one first.</exception>
    public (double Minimum, double Maximum) Scale
    {
        get;
        init => field = CheckRange(value, nameof(Scale));
    } = (0.02, 0.33);

    /// <summary>The least and the largest ratio of height to width, more than 0. Default 0.3 and 3.3. A signal ignores it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not two numbers more than 0, the smaller one first.</exception>
    public (double Minimum, double Maximum) Ratio
    {
        get;
        init => field = CheckRange(value, nameof(Ratio));
    } = (0.3, 3.3);

    internal override void Apply(SampleImage image, ref TransformRandom random)
    {
        if (!random.Happens(Probability))
        {
            return;
        }

        // If a rectangle does not fit, draw again. After the last attempt nothing is erased.
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            double area = image.Height * (double)image.Width * random.NextBetween(Scale.Minimum, Scale.Maximum);
            double rows = 1, columns = Math.Round(area);
            if (image.Height > 1)
            {
                double ratio = Math.Exp(random.NextBetween(Math.Log(Ratio.Minimum), Math.Log(Ratio.Maximum)));
                (rows, columns) = (Math.Round(Math.Sqrt(area * ratio)), Math.Round(Math.Sqrt(area / ratio)));
            }

            // A signal has a single row, which the rectangle may cover.
            if ((rows < image.Height || image.Height == 1) && columns < image.Width)
            {
                int top = random.NextIndex(image.Height - (int)rows + 1), left = random.NextIndex(image.Width - (int)columns + 1);
                Erase(image, top, left, (int)rows, (int)columns);
                return;
            }
        }
    }

    private static void Erase(SampleImage image, int top, int left, int rows, int columns)
    {
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = top; y < top + rows; y++)
            {
                image.Channel(c).Slice((y * image.Width) + left, columns).Fill(image.Settings.Fill);
            }
        }
    }
}
