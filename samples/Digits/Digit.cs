using System;
using System.IO;

namespace Digits;

/// <summary>One digit as MNIST has it: 28×28 pixels, 0 is paper and 255 ink.</summary>
internal static class Digit
{
    public const int Size = 28;
    public const int Pixels = Size * Size;

    /// <summary>MNIST scales the ink into a square of 20 pixels …</summary>
    private const int Box = 20;

    /// <summary>… and moves its centre of mass to this row and column.</summary>
    private const int Centre = 14;

    /// <summary>Fainter ink than this share of the darkest is taken for dirt when the digit is cropped.</summary>
    private const float DirtShare = 1 / 8f;

    /// <summary>Less contrast than this is no digit.</summary>
    private const int MinContrast = 32;

    // Mean and standard deviation of the pixels of MNIST's training images, scaled to 0–1.
    private const float Mean = 0.1307f;
    private const float Deviation = 0.3081f;

    /// <summary>What the network is given for pixels.</summary>
    public static void Normalize(ReadOnlySpan<byte> pixels, Span<float> inputs)
    {
        Span<float> table = stackalloc float[256];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (i / 255f - Mean) / Deviation;
        }

        for (int i = 0; i < pixels.Length; i++)
        {
            inputs[i] = table[pixels[i]];
        }
    }

    /// <summary>The digit to which the network gives the greatest probability.</summary>
    public static int Read(ReadOnlySpan<float> probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        return best;
    }

    /// <summary>
    /// Makes a digit of an image as MNIST's authors did: the ink is cropped, scaled into a box of 20×20 with
    /// its aspect ratio kept, and placed with its centre of mass in the middle.
    /// </summary>
    public static byte[] FromImage(GreyImage image)
    {
        float[] ink = FindInk(image);
        (int left, int top, int width, int height) = FindBounds(ink, image.Width);

        float scale = (float)Box / Math.Max(width, height);
        int newWidth = Math.Max(1, (int)MathF.Round(width * scale)), newHeight = Math.Max(1, (int)MathF.Round(height * scale));
        float[] crop = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            Array.Copy(ink, (top + y) * image.Width + left, crop, y * width, width);
        }

        float[] narrow = Transpose(ResizeRows(crop, width, newWidth), newWidth);
        float[] small = Transpose(ResizeRows(narrow, height, newHeight), newHeight);
        return Place(small, newWidth, newHeight);
    }

    /// <summary>The distance of each pixel from the paper, on whichever side of it there is more: dark on light or light on dark.</summary>
    private static float[] FindInk(GreyImage image)
    {
        int paper = MedianOfBorder(image);
        long darker = 0, lighter = 0;
        foreach (byte pixel in image.Pixels)
        {
            darker += Math.Max(0, paper - pixel);
            lighter += Math.Max(0, pixel - paper);
        }

        int sign = darker >= lighter ? 1 : -1;
        float[] ink = Array.ConvertAll(image.Pixels, pixel => (float)Math.Max(0, sign * (paper - pixel)));
        return Peak(ink) >= MinContrast ? ink : throw new InvalidDataException("no digit is to be seen: the image has one colour");
    }

    private static int MedianOfBorder(GreyImage image)
    {
        (int width, int height) = (image.Width, image.Height);
        Span<int> histogram = stackalloc int[256];
        for (int y = 0; y < height; y++)
        {
            int step = y == 0 || y == height - 1 ? 1 : Math.Max(1, width - 1);
            for (int x = 0; x < width; x += step)
            {
                histogram[image.Pixels[y * width + x]]++;
            }
        }

        int total = 0, below = 0, median = 0;
        foreach (int count in histogram)
        {
            total += count;
        }

        while ((below += histogram[median]) * 2 < total)
        {
            median++;
        }

        return median;
    }

    private static (int Left, int Top, int Width, int Height) FindBounds(float[] ink, int width)
    {
        float threshold = Peak(ink) * DirtShare;
        int left = width, right = -1, top = -1, bottom = -1;
        for (int i = 0; i < ink.Length; i++)
        {
            if (ink[i] > threshold)
            {
                (int y, int x) = Math.DivRem(i, width);
                left = Math.Min(left, x);
                right = Math.Max(right, x);
                top = top < 0 ? y : top;
                bottom = y;
            }
        }

        return (left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>Resamples each row with a triangle that covers at least one pixel of either image, so that shrinking averages.</summary>
    private static float[] ResizeRows(float[] pixels, int width, int newWidth)
    {
        int height = pixels.Length / width;
        float[] resized = new float[newWidth * height];
        float ratio = (float)width / newWidth, reach = Math.Max(1, ratio);
        for (int x = 0; x < newWidth; x++)
        {
            float centre = (x + 0.5f) * ratio - 0.5f;
            int first = Math.Max(0, (int)MathF.Ceiling(centre - reach)), last = Math.Min(width - 1, (int)MathF.Floor(centre + reach));
            for (int y = 0; y < height; y++)
            {
                float sum = 0, weights = 0;
                for (int i = first; i <= last; i++)
                {
                    float weight = 1 - Math.Abs(i - centre) / reach;
                    sum += weight * pixels[y * width + i];
                    weights += weight;
                }

                resized[y * newWidth + x] = sum / weights;
            }
        }

        return resized;
    }

    private static float[] Transpose(float[] pixels, int width)
    {
        int height = pixels.Length / width;
        float[] turned = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            turned[i % width * height + i / width] = pixels[i];
        }

        return turned;
    }

    private static byte[] Place(float[] ink, int width, int height)
    {
        double mass = 0, massX = 0, massY = 0;
        for (int i = 0; i < ink.Length; i++)
        {
            mass += ink[i];
            massX += ink[i] * (i % width);
            massY += ink[i] * (i / width);
        }

        int left = Math.Clamp((int)Math.Round(Centre - massX / mass), 0, Size - width);
        int top = Math.Clamp((int)Math.Round(Centre - massY / mass), 0, Size - height);
        float full = 255 / Peak(ink);
        byte[] digit = new byte[Pixels];
        for (int i = 0; i < ink.Length; i++)
        {
            digit[(top + i / width) * Size + left + i % width] = (byte)MathF.Round(ink[i] * full);
        }

        return digit;
    }

    private static float Peak(float[] ink)
    {
        float peak = 0;
        foreach (float value in ink)
        {
            peak = Math.Max(peak, value);
        }

        return peak;
    }
}
