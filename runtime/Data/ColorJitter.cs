using System;

namespace Strata;

/// <summary>Changes brightness, then contrast: <c>ColorJitter(brightness, contrast)</c>.</summary>
public sealed record ColorJitter : Transform
{
    // The share of red, green and blue in grey (ITU-R BT.601, as torchvision rounds it).
    private static readonly double[] Grey = [0.2989, 0.587, 0.114];

    /// <summary>Values are multiplied by a factor from 1 − Brightness (at least 0) to 1 + Brightness. 0 (the default) or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double Brightness
    {
        get;
        init => field = CheckNotNegative(value, nameof(Brightness));
    }

    /// <summary>
    /// The distance of each value from the image's mean grey is multiplied by a factor from 1 − Contrast (at least 0) to 1 + Contrast.
    /// 0 (the default) or more. Three channels are red, green and blue; of others the mean is that of all values.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double Contrast
    {
        get;
        init => field = CheckNotNegative(value, nameof(Contrast));
    }

    internal override bool ChangesValues => true;

    internal override void Apply(SampleImage image, ref TransformRandom random)
    {
        AdjustBrightness(image, Factor(Brightness, ref random));
        AdjustContrast(image, Factor(Contrast, ref random));
    }

    internal static void AdjustBrightness(SampleImage image, double factor) => Blend(image, factor, 0);

    internal static void AdjustContrast(SampleImage image, double factor)
    {
        if (factor == 1)
        {
            return;
        }

        double mean = 0;
        for (int c = 0; c < image.Channels; c++)
        {
            double sum = 0;
            foreach (float value in image.Channel(c))
            {
                sum += value;
            }

            mean += sum / (image.Height * image.Width) * (image.Channels == Grey.Length ? Grey[c] : 1.0 / image.Channels);
        }

        Blend(image, factor, (1 - factor) * mean);
    }

    private static void Blend(SampleImage image, double factor, double offset)
    {
        if (factor == 1)
        {
            return;
        }

        foreach (ref float value in image.Values)
        {
            value = image.Clamp((float)((factor * value) + offset));
        }
    }

    private static double Factor(double amount, ref TransformRandom random) =>
        random.NextBetween(double.Max(0, 1 - amount), 1 + amount);
}
