using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Regions of text in maps that are drawn for the test.</summary>
public sealed class TextRegionTests
{
    private const int Width = 160, Height = 120;

    /// <summary>A map with rectangles: pixels whose middle lies in one have its probability.</summary>
    private static float[] Map(params (RotatedBox Box, float Probability)[] regions)
    {
        float[] map = new float[Width * Height];
        foreach ((RotatedBox box, float probability) in regions)
        {
            (double sin, double cos) = Math.SinCos(double.DegreesToRadians(box.Angle));
            for (int i = 0; i < map.Length; i++)
            {
                (double x, double y) = ((i % Width) + 0.5 - box.Center.X, (i / Width) + 0.5 - box.Center.Y);
                if (Math.Abs((x * cos) + (y * sin)) <= box.Width / 2 && Math.Abs((y * cos) - (x * sin)) <= box.Height / 2)
                {
                    map[i] = probability;
                }
            }
        }

        return map;
    }

    /// <summary>The corners of pixels make a turned rectangle up to a pixel larger at each side, and turn it a little.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(-33)]
    [InlineData(44)]
    [InlineData(-4)]
    public void A_turned_line_is_found_where_it_was_drawn(float angle)
    {
        var drawn = new RotatedBox(new Vector2(80, 60), 80, 14, angle);
        TextRegion region = Assert.Single(new TextRegionDecoder(Height, Width).Decode(Map((drawn, 0.9f))));
        float margin = 80 * 14 * 1.5f / (2 * (80 + 14));
        Assert.InRange(Vector2.Distance(drawn.Center, region.Box.Center), 0, 1);
        Assert.Equal(drawn.Angle, region.Box.Angle, 1.5f);
        Assert.InRange(region.Box.Width - (2 * margin), 80 - 1, 80 + 4);
        Assert.InRange(region.Box.Height - (2 * margin), 14 - 1, 14 + 4);
        Assert.InRange(region.Score, 0.9f * 80 * 14 / (83 * 17), 0.9f);
    }

    /// <summary>The paper offsets a polygon; for a rectangle, that is a margin on each side.</summary>
    [Theory]
    [InlineData(1.5f)]
    [InlineData(2f)]
    [InlineData(0f)]
    public void A_region_is_enlarged_by_its_area_times_the_ratio_over_its_perimeter(float ratio)
    {
        var drawn = new RotatedBox(new Vector2(50, 40), 40, 10, 0);
        var decoder = new TextRegionDecoder(Height, Width) { UnclipRatio = ratio };
        RotatedBox found = Assert.Single(decoder.Decode(Map((drawn, 1)))).Box;
        Assert.Equal(40 + (2 * 400 * ratio / 100), found.Width, 1e-4f);
        Assert.Equal(10 + (2 * 400 * ratio / 100), found.Height, 1e-4f);
    }

    /// <summary>An L of 40×10 and 10×40 pixels fills 700 of 1600 pixels of its square.</summary>
    [Fact]
    public void The_score_is_the_mean_in_the_rectangle_not_that_of_the_regions_pixels()
    {
        float[] map = Map((new RotatedBox(new Vector2(50, 25), 40, 10, 0), 0.8f), (new RotatedBox(new Vector2(35, 40), 10, 40, 0), 0.8f));
        var decoder = new TextRegionDecoder(Height, Width);
        Assert.Empty(decoder.Decode(map));
        TextRegion region = Assert.Single(decoder.Decode(map, leastScore: 0.2));

        // The smallest rectangle around an L has a side along the hull's diagonal edge, or is the square itself: compare the area.
        Assert.InRange(region.Score, 0.8f * 700 / 1600 * 0.95f, 0.8f * 700 / 1100);
    }

    [Fact]
    public void Regions_that_touch_at_a_corner_are_one_and_thin_ones_are_none()
    {
        float[] map = Map((new RotatedBox(new Vector2(20, 20), 20, 10, 0), 1), (new RotatedBox(new Vector2(40, 30), 20, 10, 0), 1),
            (new RotatedBox(new Vector2(100, 100), 50, 2, 0), 1));
        var decoder = new TextRegionDecoder(Height, Width);
        Assert.Single(decoder.Decode(map, leastScore: 0));
        Assert.Equal(2, (new TextRegionDecoder(Height, Width) { LeastSide = 1 }).Decode(map, leastScore: 0).Count);
        Assert.Empty(decoder.Decode([.. map.Select(p => 0.3f * p)]));
        Assert.Throws<ArgumentException>(() => decoder.Decode(new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextRegionDecoder(0, 5));
    }

    /// <summary>Three rows of two, and one, in any turn of the page, given in any order.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(-41)]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(250)]
    public void Rows_are_read_from_the_top_down_in_the_direction_of_the_page(float angle)
    {
        (float X, float Y, float Width, float Height)[] boxes =
            [(60, 52, 40, 12), (0, 100, 70, 12), (0, 50, 50, 18), (0, 0, 90, 12), (110, 53, 30, 12), (80, 96, 30, 20)];
        var turn = Matrix3x2.CreateRotation(float.DegreesToRadians(angle), new Vector2(30, 80));
        IReadOnlyList<IReadOnlyList<Vector2>> regions =
        [
            .. boxes.Select(b => (IReadOnlyList<Vector2>)
            [
                .. new Vector2[] { new(b.X, b.Y), new(b.X + b.Width, b.Y), new(b.X + b.Width, b.Y + b.Height), new(b.X, b.Y + b.Height) }
                    .Select(corner => Vector2.Transform(corner, turn)),
            ]),
        ];
        Assert.Equal([[3], [2, 0, 4], [1, 5]], TextRows.Of(regions));
    }

    [Fact]
    public void No_regions_are_no_rows()
    {
        Assert.Empty(TextRows.Of([]));
        Assert.Contains("region 1 has 3", Assert.Throws<ArgumentException>(
            () => TextRows.Of([new Vector2[4], new Vector2[3]])).Message, StringComparison.Ordinal);
    }

    /// <summary>What an app does: a line is found in the map of a picture of half the size, and cut out upright.</summary>
    [Fact]
    public void A_region_is_cut_out_of_the_picture_that_the_map_belongs_to()
    {
        var drawn = new RotatedBox(new Vector2(80, 60), 80, 14, 20);
        float[] map = Map((drawn, 1));
        var picture = new Picture(2 * Width, 2 * Height);
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                picture[x, y] = map[(y / 2 * Width) + (x / 2)] > 0 ? new Rgb(255, 255, 255) : default;
            }
        }

        var placement = new ImagePlacement(0.5f, 0.5f, 0, 0);
        TextRegion region = Assert.Single(new TextRegionDecoder(Height, Width) { UnclipRatio = 0 }.Decode(map));
        Picture line = picture.CropPerspective([.. region.Box.Corners.Select(placement.ToPicture)], 160, 28);
        Assert.InRange(line.ToGrey().Average(level => level / 255.0), 0.9, 1);
    }
}
