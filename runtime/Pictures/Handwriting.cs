using System;
using System.IO;

namespace Strata.Pictures;

/// <summary>Finds the ink of a drawing, and places it as in MNIST's digits.</summary>
internal static class Handwriting
{
    /// <summary>When the drawing is cropped, ink below 1/8 of the darkest ink counts as dirt.</summary>
    private const int DirtShare = 8;

    /// <summary>With less contrast than this, there is no drawing.</summary>
    private const int MinContrast = 32;

    /// <summary>Centres the ink of a picture in a square.</summary>
    /// <param name="picture">Dark on light or light on dark.</param>
    /// <param name="size">Pixels of the square's side.</param>
    /// <param name="box">Pixels of the longer side of the ink.</param>
    /// <exception cref="InvalidDataException">There is no ink.</exception>
    public static Picture Center(Picture picture, int size, int box)
    {
        Picture ink = FindInk(picture);
        (int left, int top, int width, int height) = FindBounds(ink);
        double scale = (double)box / int.Max(width, height);
        int newWidth = int.Max(1, (int)double.Round(width * scale)), newHeight = int.Max(1, (int)double.Round(height * scale));

        // Use floats: rounding to bytes before the ink is stretched could erase the fine ink of a large picture.
        float[] light = Array.ConvertAll(ink.Crop(left, top, width, height).ToGrey(), value => (float)value);
        return Place(Resampling.Resize(light, width, height, newWidth, newHeight), newWidth, size);
    }

    /// <summary>
    /// The difference of each pixel from the paper, for dark ink on light paper or light ink on dark paper, whichever is stronger. The
    /// darkest ink becomes 255.
    /// </summary>
    private static Picture FindInk(Picture picture)
    {
        byte[] grey = picture.ToGrey();
        int paper = MedianOfBorder(grey, picture.Width, picture.Height);
        long darker = 0, lighter = 0;
        int darkest = paper, lightest = paper;
        foreach (byte light in grey)
        {
            darker += int.Max(0, paper - light);
            lighter += int.Max(0, light - paper);
            darkest = int.Min(darkest, light);
            lightest = int.Max(lightest, light);
        }

        int sign = darker >= lighter ? 1 : -1, peak = sign > 0 ? paper - darkest : lightest - paper;
        if (peak < MinContrast)
        {
            throw new InvalidDataException("there is nothing to be seen: the picture has one colour");
        }

        return Grey(Array.ConvertAll(grey, light => (byte)(((255 * int.Max(0, sign * (paper - light))) + (peak / 2)) / peak)),
            picture.Width);
    }

    private static int MedianOfBorder(byte[] grey, int width, int height)
    {
        Span<int> histogram = stackalloc int[256];
        int total = 0;
        for (int y = 0; y < height; y++)
        {
            int step = y == 0 || y == height - 1 ? 1 : int.Max(1, width - 1);
            for (int x = 0; x < width; x += step)
            {
                histogram[grey[(y * width) + x]]++;
                total++;
            }
        }

        int below = 0, median = 0;
        while ((below += histogram[median]) * 2L < total)
        {
            median++;
        }

        return median;
    }

    private static (int Left, int Top, int Width, int Height) FindBounds(Picture ink)
    {
        int left = ink.Width, right = -1, top = -1, bottom = -1;
        for (int y = 0; y < ink.Height; y++)
        {
            for (int x = 0; x < ink.Width; x++)
            {
                if (ink[x, y].Red * DirtShare > byte.MaxValue)
                {
                    (left, right) = (int.Min(left, x), int.Max(right, x));
                    (top, bottom) = (top < 0 ? y : top, y);
                }
            }
        }

        return (left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>Puts the centre of mass in the middle, as far as the square has room, and stretches the darkest ink to 255 again.</summary>
    private static Picture Place(float[] ink, int width, int size)
    {
        int height = ink.Length / width;
        double mass = 0, massX = 0, massY = 0, peak = 0;
        for (int i = 0; i < ink.Length; i++)
        {
            mass += ink[i];
            massX += (double)ink[i] * (i % width);
            massY += (double)ink[i] * (i / width);
            peak = double.Max(peak, ink[i]);
        }

        // In MNIST the centre is at row and column 14 of 28.
        int left = Begin(massX, width), top = Begin(massY, height);
        byte[] square = new byte[size * size];
        for (int i = 0; i < ink.Length; i++)
        {
            square[((top + (i / width)) * size) + left + (i % width)] = (byte)((255 * (ink[i] / peak)) + 0.5);
        }

        return Grey(square, size);

        int Begin(double moment, int length) => int.Clamp((int)double.Round((size / 2) - (moment / mass)), 0, size - length);
    }

    private static Picture Grey(byte[] light, int width) =>
        new(width, light.Length / width, Array.ConvertAll(light, l => new Rgb(l, l, l)));
}
