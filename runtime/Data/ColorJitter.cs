using System;

namespace Strata.Data;

/// <summary>
/// Changes brightness, contrast, saturation and hue, in this order (torchvision's <c>ColorJitter</c> uses a random order). Saturation and
/// hue change only images of three channels, which are red, green and blue.
/// </summary>
public sealed record ColorJitter : Transform
{
    // The weights of red, green and blue in grey (ITU-R BT.601, rounded as in torchvision).
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
    /// 0 (the default) or more. With three channels, grey is made of red, green and blue; otherwise the mean is that of all values.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double Contrast
    {
        get;
        init => field = CheckNotNegative(value, nameof(Contrast));
    }

    /// <summary>
    /// The distance of each pixel from its own grey is multiplied by a factor from 1 − Saturation (at least 0) to 1 + Saturation. 0 (the
    /// default) or more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double Saturation
    {
        get;
        init => field = CheckNotNegative(value, nameof(Saturation));
    }

    /// <summary>Hues turn by up to this share of the colour circle, in either direction: 0 (the default) to 0.5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 0 to 0.5.</exception>
    public double Hue
    {
        get;
        init => field = value is >= 0 and <= 0.5
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Hue), value, "Hue must be from 0 to 0.5.");
    }

    internal override bool ChangesValues => true;

    internal override void Apply(SampleImage image, ref TransformRandom random)
    {
        AdjustBrightness(image, Factor(Brightness, ref random));
        AdjustContrast(image, Factor(Contrast, ref random));
        AdjustSaturation(image, Factor(Saturation, ref random));
        AdjustHue(image, random.NextBetween(-Hue, Hue));
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

    internal static void AdjustSaturation(SampleImage image, double factor)
    {
        if (factor == 1 || image.Channels != Grey.Length)
        {
            return;
        }

        Span<float> red = image.Channel(0), green = image.Channel(1), blue = image.Channel(2);
        for (int i = 0; i < red.Length; i++)
        {
            double grey = (1 - factor) * ((Grey[0] * red[i]) + (Grey[1] * green[i]) + (Grey[2] * blue[i]));
            red[i] = image.Clamp((float)((factor * red[i]) + grey));
            green[i] = image.Clamp((float)((factor * green[i]) + grey));
            blue[i] = image.Clamp((float)((factor * blue[i]) + grey));
        }
    }

    /// <param name="image">The image.</param>
    /// <param name="turn">Share of the circle, from red to green.</param>
    internal static void AdjustHue(SampleImage image, double turn)
    {
        if (turn == 0 || image.Channels != Grey.Length)
        {
            return;
        }

        Span<float> red = image.Channel(0), green = image.Channel(1), blue = image.Channel(2);
        for (int i = 0; i < red.Length; i++)
        {
            (float r, float g, float b) = (red[i], green[i], blue[i]);
            float least = float.Min(r, float.Min(g, b)), most = float.Max(r, float.Max(g, b)), chroma = most - least;
            if (chroma > 0)
            {
                // The hue from 0 to 6: red is 0, green 2, blue 4.
                float hue = most == r ? (g - b) / chroma : most == g ? 2 + ((b - r) / chroma) : 4 + ((r - g) / chroma);
                double turned = hue + (6 * turn);
                (red[i], green[i], blue[i]) = (Channel(turned + 5), Channel(turned + 3), Channel(turned + 1));
            }

            float Channel(double angle)
            {
                double place = angle - (6 * Math.Floor(angle / 6));
                return (float)double.Lerp(most, least, double.Clamp(double.Min(place, 4 - place), 0, 1));
            }
        }
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
