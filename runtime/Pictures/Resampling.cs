using System;

namespace Strata;

/// <summary>
/// Bilinear resizing with antialiasing, with the numbers of Pillow's <c>resize(BILINEAR)</c>: a triangle that covers at least one pixel of
/// either image, so that shrinking averages over all that becomes one pixel; weights of 22 bits; rows first, rounded to a byte.
/// </summary>
internal static class Resampling
{
    private const int Bits = 22;

    /// <summary>Resizes an image.</summary>
    public static Rgb[] Resize(Rgb[] pixels, int width, int height, int newWidth, int newHeight)
    {
        // Where the rows would make too much on the way, the columns do not.
        if ((long)newWidth * height <= Picture.MaxPixels)
        {
            return Columns(Rows(pixels, width, height, newWidth), newWidth, height, newHeight);
        }

        return Rows(Columns(pixels, width, height, newHeight), width, newHeight, newWidth);
    }

    private static Rgb[] Rows(Rgb[] pixels, int width, int height, int newWidth) =>
        width == newWidth ? pixels : Resize(pixels, width, newWidth, step: 1, lines: height, lineStep: width, newLineStep: newWidth);

    private static Rgb[] Columns(Rgb[] pixels, int width, int height, int newHeight) =>
        height == newHeight ? pixels : Resize(pixels, height, newHeight, step: width, lines: width, lineStep: 1, newLineStep: 1);

    /// <summary>Resizes lines of pixels that are <paramref name="step"/> apart.</summary>
    private static Rgb[] Resize(Rgb[] pixels, int length, int newLength, int step, int lines, int lineStep, int newLineStep)
    {
        var resized = new Rgb[newLength * lines];
        double ratio = (double)length / newLength, reach = double.Max(1, ratio);
        Span<int> weights = new int[(2 * (int)double.Ceiling(reach)) + 1];
        for (int i = 0; i < newLength; i++)
        {
            double center = (i + 0.5) * ratio;
            int first = int.Max(0, (int)(center - reach + 0.5)), end = int.Min(length, (int)(center + reach + 0.5));
            Span<int> window = weights[..(end - first)];
            Weigh(window, first + 0.5 - center, reach);
            for (int line = 0; line < lines; line++)
            {
                int from = (line * lineStep) + (first * step);
                int red = 1 << (Bits - 1), green = red, blue = red;
                foreach (int weight in window)
                {
                    Rgb pixel = pixels[from];
                    red += weight * pixel.Red;
                    green += weight * pixel.Green;
                    blue += weight * pixel.Blue;
                    from += step;
                }

                resized[(line * newLineStep) + (i * step)] = new Rgb(Light(red), Light(green), Light(blue));
            }
        }

        return resized;

        static byte Light(int sum) => (byte)int.Clamp(sum >> Bits, 0, byte.MaxValue);
    }

    /// <summary>The triangle 1 − |x|/reach at x = start, start + 1, …, made to sum to 1 in fixed point.</summary>
    private static void Weigh(Span<int> weights, double start, double reach)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += Triangle(i);
        }

        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (int)((Triangle(i) / sum * (1 << Bits)) + 0.5);
        }

        double Triangle(int i) => double.Max(0, 1 - double.Abs((i + start) * (1 / reach)));
    }
}
