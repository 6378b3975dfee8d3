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
    public void A_mask_of_an_instance_colours_its_pixels_only()
    {
        var picture = new Picture(4, 2);
        picture.DrawMask(new InstanceMask(1, 0, 2, 3, [0.6f, 0.4f, 0.9f, 0.6f, 1, 1]), Red, opacity: 1);
        Assert.Equal("0100 0110", Reds(picture));
        picture.DrawMask(new InstanceMask(0, 0, 1, 1, [0.4f]), Red, opacity: 1, threshold: 0.3);
        Assert.Equal("1100 0110", Reds(picture));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.DrawMask(new InstanceMask(0, 0, 0, 0, []), Red, opacity: double.NaN));

        static string Reds(Picture picture) => string.Join(' ', Enumerable.Range(0, picture.Height).Select(
            y => string.Concat(Enumerable.Range(0, picture.Width).Select(x => picture[x, y] == Red ? '1' : '0'))));
    }

    [Fact]
    public void Key_points_are_dots_joined_by_lines_as_far_as_they_can_be_seen()
    {
        var picture = new Picture(30, 9);
        var person = new KeyPointDetection(
            default, 1, 0, [new(new(4, 4.5f), 1), new(new(15, 4.5f), 0.6f), new(new(26, 4.5f), 0.4f), new(new(float.NaN, 1e30f), 1)]);
        picture.DrawKeyPoints([person], [(0, 1), (1, 2)]);
        Assert.Equal(PictureDrawing.ColorOf(1), picture[4, 4]);
        Assert.Equal(PictureDrawing.ColorOf(0), picture[9, 4]);
        Assert.Equal(PictureDrawing.ColorOf(2), picture[15, 4]);
        Assert.Equal([Black, Black], [picture[20, 4], picture[26, 4]]);
        Assert.Contains("there are 4", Assert.Throws<ArgumentOutOfRangeException>(
            () => picture.DrawKeyPoints([person], [(0, 4)])).Message, StringComparison.Ordinal);
        Assert.Equal(16, KeyPoint.CocoLinks.Max(link => int.Max(link.From, link.To)));
    }

    [Fact]
    public void Tracks_have_the_colour_of_their_identity_and_turned_boxes_their_corners()
    {
        var picture = new Picture(120, 60);
        picture.DrawTracks([new Track(3, new Box(10, 20, 50, 50), 0.5f, 0, 0)], ["cat"]);
        Assert.Equal(PictureDrawing.ColorOf(3), picture[10, 40]);
        picture.DrawDetections([new RotatedDetection(new RotatedBox(new(90, 40), 30, 10, 45), 0.5f, 1)]);
        Assert.Equal(PictureDrawing.ColorOf(1), picture[83, 26]);
        Assert.Equal(Black, picture[100, 29]);
        var nowhere = new RotatedBox(new(float.NaN, 1e30f), float.NaN, -3, float.PositiveInfinity);
        picture.DrawDetections([new RotatedDetection(nowhere, float.NaN, -3)]);
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
