using System;

namespace Strata.Pictures;

/// <summary>
/// Bilinear resizing with antialiasing. The numbers are those of Pillow's <c>resize(BILINEAR)</c>:
/// <list type="bullet">
/// <item><description>A new pixel is a mean, weighted by a triangle. The triangle covers at least one pixel of either image. So when the
/// image shrinks, all pixels that become the new one are averaged.</description></item>
/// <item><description>Weights have 22 bits.</description></item>
/// <item><description>Rows are resized first, and rounded to bytes.</description></item>
/// </list>
/// </summary>
internal static class Resampling
{
    private const int Bits = 22;

    /// <summary>Resizes an image.</summary>
    public static Rgb[] Resize(Rgb[] pixels, int width, int height, int newWidth, int newHeight)
    {
        // Resize the rows first, unless the intermediate picture would be too large: then the columns first.
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

    /// <summary>As the other overload, for brightness that is not rounded, with weights of full precision.</summary>
    public static float[] Resize(float[] light, int width, int height, int newWidth, int newHeight)
    {
        float[] rows = Resize(light, width, newWidth, step: 1, lines: height, lineStep: width, newLineStep: newWidth);
        return Resize(rows, height, newHeight, step: newWidth, lines: newWidth, lineStep: 1, newLineStep: 1);
    }

    private static float[] Resize(float[] light, int length, int newLength, int step, int lines, int lineStep, int newLineStep)
    {
        float[] resized = new float[newLength * lines];
        double[] weights = Weights(length, newLength);
        for (int i = 0; i < newLength; i++)
        {
            ReadOnlySpan<double> window = Weigh(weights, length, newLength, i, out int first);
            for (int line = 0; line < lines; line++)
            {
                int from = (line * lineStep) + (first * step);
                double sum = 0;
                foreach (double weight in window)
                {
                    sum += weight * light[from];
                    from += step;
                }

                resized[(line * newLineStep) + (i * step)] = (float)sum;
            }
        }

        return resized;
    }

    /// <summary>Resizes lines of pixels that are <paramref name="step"/> apart.</summary>
    private static Rgb[] Resize(Rgb[] pixels, int length, int newLength, int step, int lines, int lineStep, int newLineStep)
    {
        var resized = new Rgb[newLength * lines];
        double[] exact = Weights(length, newLength);
        int[] weights = new int[exact.Length];
        for (int i = 0; i < newLength; i++)
        {
            ReadOnlySpan<double> exactWindow = Weigh(exact, length, newLength, i, out int first);
            Span<int> window = weights.AsSpan(0, exactWindow.Length);
            for (int k = 0; k < window.Length; k++)
            {
                window[k] = (int)((exactWindow[k] * (1 << Bits)) + 0.5);
            }

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

    /// <summary>Memory for the weights of any pixel.</summary>
    private static double[] Weights(int length, int newLength) =>
        new double[(2 * (int)double.Ceiling(double.Max(1, (double)length / newLength))) + 1];

    /// <summary>
    /// The weights with which pixels of a line make one pixel of the new line: the triangle 1 − |x|/reach around its middle, scaled to the
    /// sum 1.
    /// </summary>
    /// <param name="weights">Receives the weights.</param>
    /// <param name="length">Pixels of the line.</param>
    /// <param name="newLength">Pixels of the new line.</param>
    /// <param name="pixel">The pixel of the new line.</param>
    /// <param name="first">The first pixel of the line with a weight.</param>
    private static ReadOnlySpan<double> Weigh(double[] weights, int length, int newLength, int pixel, out int first)
    {
        double ratio = (double)length / newLength, reach = double.Max(1, ratio), center = (pixel + 0.5) * ratio;
        first = int.Max(0, (int)(center - reach + 0.5));
        Span<double> window = weights.AsSpan(0, int.Min(length, (int)(center + reach + 0.5)) - first);
        double start = first + 0.5 - center, sum = 0;
        for (int i = 0; i < window.Length; i++)
        {
            window[i] = double.Max(0, 1 - double.Abs((i + start) * (1 / reach)));
            sum += window[i];
        }

        for (int i = 0; i < window.Length; i++)
        {
            window[i] /= sum;
        }

        return window;
    }
}
