using System;
using System.IO;
using System.Linq;
using Digits;
using Xunit;

namespace Strata.Samples.Tests;

public sealed class DigitTests
{
    [Theory]
    [InlineData(40, 60)]
    [InlineData(5, 9)]
    [InlineData(300, 100)]
    [InlineData(1, 1)]
    public void Ink_is_scaled_into_the_box_of_twenty_pixels(int inkWidth, int inkHeight)
    {
        byte[] digit = Digit.FromImage(Rectangle(320, 200, 7, 3, inkWidth, inkHeight));
        (int width, int height) = Extent(digit);
        float scale = 20f / Math.Max(inkWidth, inkHeight);
        Assert.Equal(20, Math.Max(width, height));
        Assert.InRange(width, inkWidth * scale - 0.51f, inkWidth * scale + 0.51f);
        Assert.InRange(height, inkHeight * scale - 0.51f, inkHeight * scale + 0.51f);
    }

    [Fact]
    public void The_centre_of_mass_is_moved_to_the_middle()
    {
        byte[] digit = Digit.FromImage(Triangle());
        double mass = digit.Sum(pixel => (double)pixel);
        Assert.InRange(digit.Select((pixel, i) => pixel * (double)(i % 28)).Sum() / mass, 13.5, 14.5);
        Assert.InRange(digit.Select((pixel, i) => pixel * (double)(i / 28)).Sum() / mass, 13.5, 14.5);
    }

    [Fact]
    public void Dark_on_light_and_light_on_dark_give_the_same_digit()
    {
        GreyImage dark = Triangle();
        var light = dark with { Pixels = [.. dark.Pixels.Select(pixel => (byte)(255 - pixel))] };
        Assert.Equal(Digit.FromImage(dark), Digit.FromImage(light));
    }

    [Fact]
    public void Faint_ink_on_grey_paper_is_stretched_to_full_contrast()
    {
        GreyImage image = Triangle();
        var faint = image with { Pixels = [.. image.Pixels.Select(pixel => (byte)(100 + pixel / 4))] };
        Assert.Equal(255, Digit.FromImage(faint).Max());
    }

    [Fact]
    public void A_digit_of_MNIST_stays_what_it_is()
    {
        DigitSet test = DigitSet.Test();
        for (int i = 0; i < 200; i++)
        {
            byte[] again = Digit.FromImage(new GreyImage(28, 28, test[i].ToArray()));
            double difference = test[i].ToArray().Zip(again, (a, b) => Math.Abs(a - b)).Average();
            Assert.InRange(difference, 0, 12);
        }
    }

    [Fact]
    public void An_image_of_one_colour_holds_no_digit() =>
        Assert.Throws<InvalidDataException>(() => Digit.FromImage(new GreyImage(30, 20, Enumerable.Repeat((byte)90, 600).ToArray())));

    private static GreyImage Rectangle(int width, int height, int left, int top, int inkWidth, int inkHeight)
    {
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            bool ink = i % width >= left && i % width < left + inkWidth && i / width >= top && i / width < top + inkHeight;
            pixels[i] = ink ? (byte)0 : (byte)255;
        }

        return new GreyImage(width, height, pixels);
    }

    private static GreyImage Triangle() =>
        new(80, 60, [.. Enumerable.Range(0, 80 * 60).Select(i => i % 80 is > 20 and < 60 && i / 80 > 10 && i % 80 - 20 > i / 80 ? (byte)0 : (byte)255)]);

    private static (int Width, int Height) Extent(byte[] digit)
    {
        int[] inked = [.. Enumerable.Range(0, digit.Length).Where(i => digit[i] > 0)];
        return (inked.Max(i => i % 28) - inked.Min(i => i % 28) + 1, inked.Max(i => i / 28) - inked.Min(i => i / 28) + 1);
    }
}
