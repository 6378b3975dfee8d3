using System;
using System.Linq;
using System.Numerics;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Quadrilaterals that are cut out of pictures, compared with formulas of their own.</summary>
public sealed class PerspectiveCropTests
{
    private static Picture Noise(int width, int height)
    {
        var random = new Random(width);
        var picture = new Picture(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                picture[x, y] = new Rgb((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            }
        }

        return picture;
    }

    private static Vector2[] Corners(params float[] numbers) => [.. numbers.Chunk(2).Select(pair => new Vector2(pair[0], pair[1]))];

    private static Rgb[] Pixels(Picture picture) => [.. Enumerable.Range(0, picture.Height).SelectMany(y => picture.Row(y).ToArray())];

    [Fact]
    public void An_upright_rectangle_of_the_same_size_has_the_pictures_pixels()
    {
        Picture picture = Noise(20, 15);
        Assert.Equal(
            Pixels(picture.Crop(3, 2, 11, 9)), Pixels(picture.CropPerspective(Corners(3, 2, 14, 2, 14, 11, 3, 11), 11, 9)));
        Assert.Equal(Pixels(picture), Pixels(picture.CropPerspective(Corners(0, 0, 20, 0, 20, 15, 0, 15), 20, 15)));
    }

    [Fact]
    public void The_order_of_the_corners_turns_and_mirrors()
    {
        Picture picture = Noise(12, 7);
        Picture quarter = picture.CropPerspective(Corners(12, 0, 12, 7, 0, 7, 0, 0), 7, 12);
        Picture mirrored = picture.CropPerspective(Corners(12, 0, 0, 0, 0, 7, 12, 7), 12, 7);
        Assert.Equal(Pixels(picture.FlipHorizontally()), Pixels(mirrored));
        for (int y = 0; y < 12; y++)
        {
            for (int x = 0; x < 7; x++)
            {
                Assert.Equal(picture[11 - y, x], quarter[x, y]);
            }
        }
    }

    /// <summary>A square becomes a quadrilateral, in closed form (Heckbert, Fundamentals of Texture Mapping, 1989, 2.2.3).</summary>
    private static (double X, double Y) Heckbert(Vector2[] q, double u, double v)
    {
        double dx1 = q[1].X - q[2].X, dx2 = q[3].X - q[2].X, sx = q[0].X - q[1].X + q[2].X - q[3].X;
        double dy1 = q[1].Y - q[2].Y, dy2 = q[3].Y - q[2].Y, sy = q[0].Y - q[1].Y + q[2].Y - q[3].Y;
        double determinant = (dx1 * dy2) - (dx2 * dy1);
        double g = ((sx * dy2) - (dx2 * sy)) / determinant, h = ((dx1 * sy) - (sx * dy1)) / determinant;
        double w = (g * u) + (h * v) + 1;
        return ((((q[1].X - q[0].X + (g * q[1].X)) * u) + ((q[3].X - q[0].X + (h * q[3].X)) * v) + q[0].X) / w,
            (((q[1].Y - q[0].Y + (g * q[1].Y)) * u) + ((q[3].Y - q[0].Y + (h * q[3].Y)) * v) + q[0].Y) / w);
    }

    /// <summary>In double precision; a level of rounding may differ.</summary>
    [Theory]
    [InlineData(40, 12, 2, 2, new float[] { 10, 8, 50, 20, 46, 33, 7, 18 })]                // a line of text that is turned
    [InlineData(30, 30, 1, 1, new float[] { 20.5f, 5.25f, 40, 8, 44, 31, 15, 27 })]
    [InlineData(30, 20, 1, 2, new float[] { -5, -3, 20, 4, 25, 22, 2, 18 })]                // beyond the edges
    [InlineData(20, 8, 3, 2, new float[] { 5, 5, 50, 9, 52, 24, 3, 20 })]                   // smaller than in the picture
    [InlineData(3, 3, 8, 8, new float[] { 0, 0, 600, 0, 600, 450, 0, 450 })]                // as many places as there may be
    public void Each_pixel_is_between_its_neighbours_at_its_place(int width, int height, int columns, int rows, float[] numbers)
    {
        Picture picture = Noise(60, 40);
        Vector2[] corners = Corners(numbers);
        Picture crop = picture.CropPerspective(corners, width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double mean = Enumerable.Range(0, columns * rows).Average(i =>
                {
                    (double px, double py) = Heckbert(
                        corners, (x + ((i % columns) + 0.5) / columns) / width, (y + ((i / columns) + 0.5) / rows) / height);
                    return Green(picture, px, py);
                });
                Assert.Equal(mean, crop[x, y].Green, 0.501);
            }
        }
    }

    private static double Green(Picture picture, double x, double y)
    {
        double sum = 0;
        (int left, int top) = ((int)Math.Floor(x - 0.5), (int)Math.Floor(y - 0.5));
        for (int row = top; row <= top + 1; row++)
        {
            for (int column = left; column <= left + 1; column++)
            {
                double share = (1 - Math.Abs(x - 0.5 - column)) * (1 - Math.Abs(y - 0.5 - row));
                sum += share * picture[Math.Clamp(column, 0, picture.Width - 1), Math.Clamp(row, 0, picture.Height - 1)].Green;
            }
        }

        return sum;
    }

    [Fact]
    public void A_point_of_the_input_comes_back_into_the_picture()
    {
        var preprocessing = new ImagePreprocessing(64, 64) { Fit = ImageFit.Letterbox };
        ImagePlacement placement = preprocessing.Apply(new Picture(128, 32), new float[preprocessing.Length]);
        Assert.Equal(new Vector2(20, 6), placement.ToPicture(new Vector2(10, 27)));
        Assert.Equal(new Box(20, 6, 40, 16), placement.ToPicture(new Box(10, 27, 20, 32)));
        Assert.Throws<InvalidOperationException>(() => default(ImagePlacement).ToPicture(Vector2.One));
    }

    [Fact]
    public void Corners_that_are_no_quadrilateral_are_refused()
    {
        var picture = new Picture(10, 10);
        Assert.Contains("no convex quadrilateral", Message(Corners(0, 0, 5, 5, 9, 9, 0, 9)), StringComparison.Ordinal);
        Assert.Contains("two are the same", Message(Corners(3, 3, 3, 3, 3, 3, 3, 3)), StringComparison.Ordinal);
        Assert.Contains("no convex quadrilateral", Message(Corners(0, 0, 9, 9, 9, 0, 0, 9)), StringComparison.Ordinal);
        Assert.Contains("no convex quadrilateral", Message(Corners(0, 0, 9, 0, 3, 3, 0, 9)), StringComparison.Ordinal);
        Assert.Contains("here are 3 and 4", Message(Corners(0, 0, 9, 0, 3, 3)), StringComparison.Ordinal);
        Assert.Contains("(9, NaN) is no corner", Message(Corners(0, 0, 9, float.NaN, 9, 9, 0, 9)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.CropPerspective(Corners(0, 0, 9, 0, 9, 9, 0, 9), 0, 5));

        string Message(Vector2[] corners) => Assert.ThrowsAny<ArgumentException>(() => picture.CropPerspective(corners, 5, 5)).Message;
    }
}
