using System;
using System.IO;
using System.Linq;
using Strata.Pictures;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class HandwritingTests
{
    [Theory]
    [InlineData(40, 60)]
    [InlineData(5, 9)]
    [InlineData(300, 100)]
    [InlineData(1, 1)]
    public void Ink_is_scaled_into_the_box(int inkWidth, int inkHeight)
    {
        Picture drawing = Draw(320, 200, (x, y) => x >= 7 && x < 7 + inkWidth && y >= 3 && y < 3 + inkHeight ? 0 : 255);
        foreach ((int size, int box) in ((int, int)[])[(28, 20), (16, 16), (99, 50)])
        {
            Picture centred = drawing.CenterInk(size, box);
            Assert.Equal((size, size), (centred.Width, centred.Height));
            byte[] ink = centred.ToGrey();
            int[] inked = [.. Enumerable.Range(0, ink.Length).Where(i => ink[i] > 0)];
            int width = inked.Max(i => i % size) - inked.Min(i => i % size) + 1,
                height = inked.Max(i => i / size) - inked.Min(i => i / size) + 1;
            float scale = (float)box / Math.Max(inkWidth, inkHeight);
            Assert.Equal(box, Math.Max(width, height));
            Assert.InRange(width, (inkWidth * scale) - 0.51f, (inkWidth * scale) + 0.51f);
            Assert.InRange(height, (inkHeight * scale) - 0.51f, (inkHeight * scale) + 0.51f);
        }
    }

    [Fact]
    public void The_centre_of_mass_is_moved_to_the_middle()
    {
        byte[] ink = Triangle(0, 255).CenterInk().ToGrey();
        double mass = ink.Sum(pixel => (double)pixel);
        Assert.InRange(ink.Select((pixel, i) => pixel * (double)(i % 28)).Sum() / mass, 13.5, 14.5);
        Assert.InRange(ink.Select((pixel, i) => pixel * (double)(i / 28)).Sum() / mass, 13.5, 14.5);
    }

    [Fact]
    public void Dark_on_light_and_light_on_dark_give_the_same() =>
        Assert.Equal(Triangle(0, 255).CenterInk().ToGrey(), Triangle(255, 0).CenterInk().ToGrey());

    [Fact]
    public void Faint_ink_on_grey_paper_is_stretched_to_full_contrast() =>
        Assert.Equal(Triangle(0, 255).CenterInk().ToGrey(), Triangle(100, 163).CenterInk().ToGrey());

    [Theory]
    [InlineData(28, 20)]
    [InlineData(1, 1)]
    public void Fine_ink_on_a_large_picture_is_seen(int size, int box)
    {
        // One pixel of 600 × 600 in each corner but one.
        byte[] ink = Draw(640, 640, (x, y) => (x, y) is (20, 20) or (619, 20) or (20, 619) ? 0 : 255).CenterInk(size, box).ToGrey();
        Assert.Equal(255, ink.Max());
        int[] inked = [.. Enumerable.Range(0, ink.Length).Where(i => ink[i] > 100)];
        Assert.Equal(box == 1 ? 1 : 3, inked.Length);
        Assert.Equal(box - 1, (inked[^1] - inked[0]) / size);
        Assert.Equal(box - 1, inked.Max(i => i % size) - inked.Min(i => i % size));
    }

    [Fact]
    public void A_picture_of_one_colour_holds_nothing()
    {
        Assert.Throws<InvalidDataException>(() => Draw(30, 20, (_, _) => 90).CenterInk());
        Assert.Throws<InvalidDataException>(() => Triangle(100, 131).CenterInk());
        Assert.Throws<ArgumentOutOfRangeException>(() => Triangle(0, 255).CenterInk(28, 29));
        Assert.Throws<ArgumentOutOfRangeException>(() => Triangle(0, 255).CenterInk(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Triangle(0, 255).CenterInk(5000));
    }

    private static Picture Triangle(int ink, int paper) =>
        Draw(80, 60, (x, y) => x is > 20 and < 60 && y > 10 && x - 20 > y ? ink : paper);

    private static Picture Draw(int width, int height, Func<int, int, int> light)
    {
        var picture = new Picture(width, height);
        for (int i = 0; i < width * height; i++)
        {
            byte grey = (byte)light(i % width, i / width);
            picture[i % width, i / width] = new Rgb(grey, grey, grey);
        }

        return picture;
    }
}
