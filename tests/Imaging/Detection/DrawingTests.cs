using System;
using System.Linq;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

public sealed class DrawingTests
{
    private static readonly Rgb Red = new(255, 0, 0), Black = new(0, 0, 0), White = new(255, 255, 255);

    [Fact]
    public void A_box_has_edges_inside_of_it()
    {
        var picture = new Picture(8, 6);
        picture.DrawBox(new Box(1, 1, 7, 5), Red, thickness: 1);
        Assert.Equal(
            "........ .######. .#....#. .#....#. .######. ........",
            string.Join(' ', Enumerable.Range(0, 6).Select(y => string.Concat(
                Enumerable.Range(0, 8).Select(x => picture[x, y] == Red ? '#' : '.')))));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1e30f)]
    public void A_box_of_any_numbers_can_be_drawn(float edge)
    {
        var picture = new Picture(8, 6);
        picture.DrawDetections([new Detection(new Box(edge, 1, edge, 5), edge, -3)]);
        Assert.Equal(8, picture.Width);
    }

    [Fact]
    public void A_polygon_has_lines_through_its_corners()
    {
        var picture = new Picture(9, 7);
        picture.DrawPolygon([new(1, 1), new(8, 1), new(8, 6)], Red, thickness: 2);
        Assert.Equal(
            "######### ######### .####..## ...###.## ....##### ......### .......##",
            string.Join(' ', Enumerable.Range(0, 7).Select(y => string.Concat(
                Enumerable.Range(0, 9).Select(x => picture[x, y] == Red ? '#' : '.')))));
        picture.DrawPolygon([new(float.NaN, 1), new(1e30f, -1e30f), new(3, 3)], White);
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.DrawPolygon([], Red, thickness: 0));
    }

    [Fact]
    public void A_label_is_dark_on_light_and_light_on_dark()
    {
        var picture = new Picture(60, 30);
        picture.DrawLabel("I", 0, 0, White);
        picture.DrawLabel("I", 20, 0, new Rgb(0, 0, 90));
        Assert.Equal(White, picture[0, 0]);
        Assert.Equal(Black, picture[4, 3]);
        Assert.Equal(White, picture[24, 3]);
    }

    [Fact]
    public void A_mask_is_mixed_with_the_picture()
    {
        var picture = new Picture(3, 1);
        picture.DrawMask([-1, 0, 1], 0.5, [Red, White]);
        Assert.Equal([Black, new Rgb(128, 0, 0), new Rgb(128, 128, 128)], [picture[0, 0], picture[1, 0], picture[2, 0]]);
        Assert.Throws<ArgumentException>(() => picture.DrawMask([0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.DrawMask([0, 0, 0], 1.5));
    }

    [Fact]
    public void Every_printable_character_has_a_letter_of_its_own()
    {
        string[] letters = [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c =>
        {
            var picture = new Picture(9, 12);
            picture.DrawLabel(((char)c).ToString(), 0, 0, White);
            return string.Concat(Enumerable.Range(0, 108).Select(i => picture[i % 9, i / 9] == Black ? '#' : '.'));
        })];
        Assert.Equal(letters.Length, letters.Distinct().Count());
        Assert.Equal(letters['?' - ' '], Of("é"));

        static string Of(string text)
        {
            var picture = new Picture(9, 12);
            picture.DrawLabel(text, 0, 0, White);
            return string.Concat(Enumerable.Range(0, 108).Select(i => picture[i % 9, i / 9] == Black ? '#' : '.'));
        }
    }
}
