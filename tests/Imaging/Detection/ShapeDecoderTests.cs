using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Text.Json;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Masks, key points, turned boxes and faces are those of make_decoder_goldens.py, which computes in double precision.</summary>
public sealed class ShapeDecoderTests
{
    /// <summary>Relative to the largest number: a dozen roundings of floats.</summary>
    private const float Bound = 2e-6f;

    private static readonly JsonElement Goldens = JsonDocument.Parse(Resource.Open("decoders.json")).RootElement;

    /// <summary>
    /// A sum of five products of up to 4 · 4 has an error of five roundings; the sigmoid's slope is 1/4, and interpolation adds a few.
    /// </summary>
    private const float MaskBound = 1e-5f;

    [Fact]
    public void Masks_of_instances_are_sums_of_prototypes_in_their_boxes()
    {
        JsonElement golden = Goldens.GetProperty("instances");
        float[] maps = Floats(golden, "maps");
        var masks = new InstanceMasks(12, 16, stride: 4, count: 5);
        var placement = new ImagePlacement(0.8f, 0.8f, 0, 4);
        IReadOnlyList<InstanceDetection> found = YoloPredictions.InstancesFromColumns(Floats(golden, "columns"), 2, 5, leastScore: 0.3);
        Close(Floats(golden, "found"), [.. found.SelectMany(d => Row(d))]);
        JsonElement[] expected = [.. golden.GetProperty("masks").EnumerateArray()];
        Assert.Equal(expected.Length, found.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            InstanceMask small = masks.Read(maps, found[i]), large = masks.Read(maps, found[i], placement, 80, 50);
            Near(Floats(expected[i], "small"), Whole(small, 16, 12, 1, 1));
            Near(Floats(expected[i], "large"), Whole(large, 80, 50, 5, 7));
            Assert.Equal(large.Probabilities.ToArray().Count(p => p > 0.5f), large.Area());
        }

        static float[] Whole(InstanceMask mask, int width, int height, int stepX, int stepY)
        {
            var values = new List<float>();
            for (int y = 0; y < height; y += stepY)
            {
                for (int x = 0; x < width; x += stepX)
                {
                    values.Add(mask[x, y]);
                }
            }

            return [.. values];
        }

        static void Near(float[] expected, float[] found)
        {
            Assert.Equal(expected.Length, found.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], found[i], MaskBound);
            }
        }
    }

    [Theory]
    [InlineData(float.NaN, 8)]
    [InlineData(-50, 8)]
    [InlineData(500, 8)]
    [InlineData(float.NegativeInfinity, 8)]
    [InlineData(32, 0)]
    public void A_box_without_pixels_has_an_empty_mask(float x, float width)
    {
        var masks = new InstanceMasks(12, 16, count: 1);
        var detection = new InstanceDetection(Box.FromCenter(x, 24, width, 8), 1, 0, [1]);
        Assert.Equal(0, masks.Read(new float[12 * 16], detection).Area(0));
        InstanceMask mask = masks.Read(new float[12 * 16], detection, new ImagePlacement(1, 1, 0, 0), 64, 48);
        Assert.Equal((0, 0, 0f), (mask.Width, mask.Height, mask[32, 24]));
    }

    [Fact]
    public void A_box_that_reaches_everywhere_has_the_whole_mask()
    {
        var everywhere = new Box(float.NegativeInfinity, -1e30f, float.PositiveInfinity, 1e30f);
        InstanceMask mask = new InstanceMasks(12, 16, count: 1).Read(
            new float[12 * 16], new InstanceDetection(everywhere, 1, 0, [1]), new ImagePlacement(0.5f, 0.25f, 3, -2), 100, 70);
        Assert.Equal((0, 0, 100, 70), (mask.Left, mask.Top, mask.Width, mask.Height));
        Assert.All(mask.Probabilities.ToArray(), p => Assert.Equal(0.5f, p));
    }

    [Fact]
    public void Key_points_of_YOLO_have_a_place_and_a_visibility()
    {
        JsonElement golden = Goldens.GetProperty("pose");
        IReadOnlyList<KeyPointDetection> found = YoloPredictions.KeyPointsFromColumns(Floats(golden, "columns"), keyPoints: 3);
        float[][] expected = [.. golden.GetProperty("found").EnumerateArray().Select(Values)];
        Assert.Equal(expected.Length, found.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Close(expected[i], [.. Box.ToTensor([found[i].Box]), found[i].Score,
                .. found[i].KeyPoints.SelectMany(p => new[] { p.Position.X, p.Position.Y, p.Visibility })]);
        }
    }

    [Fact]
    public void Turned_boxes_of_YOLO_overlap_and_are_suppressed_as_polygons()
    {
        JsonElement golden = Goldens.GetProperty("turned");
        IReadOnlyList<RotatedDetection> found = YoloPredictions.RotatedFromColumns(Floats(golden, "columns"), 2);
        float[] scores = Floats(golden, "scores"), overlaps = Floats(golden, "overlaps");
        Assert.Equal(scores, found.Select(d => d.Score));
        Assert.Equal([.. golden.GetProperty("classes").EnumerateArray().Select(c => c.GetInt32())], found.Select(d => d.Class));
        for (int i = 0; i < overlaps.Length; i++)
        {
            // The angle in degrees is rounded to 2⁻¹⁸ of 90: at 40 pixels, 1e-5 of a pixel of boxes of a pixel or more.
            Assert.Equal(overlaps[i], found[i / found.Count].Box.IntersectionOverUnion(found[i % found.Count].Box), 2e-5f);
        }

        foreach (JsonProperty kept in golden.GetProperty("kept").EnumerateObject())
        {
            double threshold = double.Parse(kept.Name, System.Globalization.CultureInfo.InvariantCulture);
            int[] expected = [.. kept.Value.EnumerateArray().Select(v => v.GetInt32())];
            Assert.Equal(expected.Select(i => found[i]), NonMaximumSuppression.Apply(found, threshold));
            Assert.Equal(expected, NonMaximumSuppression.KeepPerClass(
                [.. found.Select(d => d.Box)], scores, [.. found.Select(d => d.Class)], threshold));
        }
    }

    /// <summary>Points in the middle of 400 × 400 fields of the smaller box: a field is wrong only at the other box's edge.</summary>
    [Fact]
    public void The_common_area_of_turned_boxes_is_that_of_the_points_in_both()
    {
        const int Fields = 400;
        var random = new Random(3);
        for (int i = 0; i < 60; i++)
        {
            RotatedBox one = Any(), other = Any();
            double inside = 0;
            (double sin, double cos) = Math.SinCos(double.DegreesToRadians(one.Angle));
            (double otherSin, double otherCos) = Math.SinCos(double.DegreesToRadians(other.Angle));
            for (int field = 0; field < Fields * Fields; field++)
            {
                double u = (((field % Fields) + 0.5) / Fields - 0.5) * one.Width;
                double v = (((field / Fields) + 0.5) / Fields - 0.5) * one.Height;
                double x = one.Center.X + u * cos - v * sin - other.Center.X, y = one.Center.Y + u * sin + v * cos - other.Center.Y;
                inside += Math.Abs(x * otherCos + y * otherSin) <= other.Width / 2
                    && Math.Abs(y * otherCos - x * otherSin) <= other.Height / 2 ? 1 : 0;
            }

            double common = inside / (Fields * Fields) * one.Area;
            double expected = common / (one.Area + (double)other.Area - common);
            Assert.Equal(expected, one.IntersectionOverUnion(other), 8.0 / Fields);
            Assert.Equal(one.IntersectionOverUnion(other), other.IntersectionOverUnion(one), 1e-6f);
        }

        RotatedBox Any() => new(
            new Vector2(20 * random.NextSingle(), 20 * random.NextSingle()), 3 + (30 * random.NextSingle()), 3 + (30 * random.NextSingle()),
            (360 * random.NextSingle()) - 180);
    }

    [Fact]
    public void Turned_boxes_that_are_upright_overlap_as_upright_ones_and_a_quarter_turn_swaps_the_sides()
    {
        var random = new Random(4);
        for (int i = 0; i < 200; i++)
        {
            (Box one, Box other) = (Any(), Any());
            float expected = one.IntersectionOverUnion(other);
            Assert.Equal(expected, Turned(one, 0).IntersectionOverUnion(Turned(other, 0)), 1e-5f);
            Assert.Equal(expected, Turned(one, 180).IntersectionOverUnion(Turned(other, 90)), 1e-5f);
            Assert.Equal(1, Turned(one, 37).IntersectionOverUnion(Turned(one, 37)), 1e-5f);
        }

        Box Any() => Box.FromCorner(
            10 * random.NextSingle(), 10 * random.NextSingle(), 1 + (9 * random.NextSingle()), 1 + (9 * random.NextSingle()));

        static RotatedBox Turned(Box box, float angle) => new(
            new Vector2(box.CenterX, box.CenterY), angle == 90 ? box.Height : box.Width, angle == 90 ? box.Width : box.Height, angle);
    }

    [Fact]
    public void Turned_boxes_of_any_numbers_have_an_overlap_or_none()
    {
        var box = new RotatedBox(new Vector2(3, 4), 5, 6, 7);
        foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.MaxValue, 0, 1e-30f, -5 })
        {
            RotatedBox[] others = [box with { Center = new Vector2(value, 4) }, box with { Width = value }, box with { Angle = value }];
            Assert.All(others, other => Assert.False(box.IntersectionOverUnion(other) is < 0 or > 1.00001f));
        }

        Assert.True(float.IsNaN((box with { Width = 0 }).IntersectionOverUnion(box with { Height = 0 })));
    }

    [Fact]
    public void What_suppression_keeps_it_keeps_again()
    {
        var random = new Random(5);
        for (int i = 0; i < 30; i++)
        {
            RotatedDetection[] found = [.. Enumerable.Range(0, 40).Select(_ => new RotatedDetection(
                new RotatedBox(
                    new Vector2(50 * random.NextSingle(), 50 * random.NextSingle()), 1 + (30 * random.NextSingle()),
                    1 + (30 * random.NextSingle()), 180 * random.NextSingle()),
                random.NextSingle(), random.Next(3)))];
            IReadOnlyList<RotatedDetection> kept = NonMaximumSuppression.Apply(found, 0.3);
            Assert.InRange(kept.Count, 1, found.Length - 1);
            Assert.Equal(kept, NonMaximumSuppression.Apply(kept, 0.3));
            Assert.Equal(kept.Take(2), NonMaximumSuppression.Apply(found, 0.3, most: 2));
        }
    }

    [Fact]
    public void BlazeFace_is_read_and_blended_as_in_MediaPipe()
    {
        JsonElement golden = Goldens.GetProperty("blazeface");
        int count = golden.GetProperty("count").GetInt32();
        float[] boxes = new float[16 * count], scores = [.. Enumerable.Repeat(-200f, count)];
        foreach (float[] row in golden.GetProperty("rows").EnumerateArray().Select(Values))
        {
            scores[(int)row[0]] = row[1];
            row.AsSpan(2).CopyTo(boxes.AsSpan(16 * (int)row[0]));
        }

        IReadOnlyList<KeyPointDetection> found = new BlazeFaceDecoder().Decode(boxes, scores);
        Same(golden.GetProperty("faces"), found);
        Same(golden.GetProperty("blended"), NonMaximumSuppression.Blend(found));
        Assert.Equal(896, Anchors.BlazeFace(256).Count);
        Assert.Equal(Box.FromCenter(8, 8, 256, 256), Anchors.BlazeFace(256)[1]);
        Assert.Equal(Box.FromCenter(240, 240, 256, 256), Anchors.BlazeFace(256)[895]);
    }

    [Fact]
    public void Blending_leaves_out_what_has_no_score_and_keeps_classes_apart()
    {
        var box = new Box(0, 0, 10, 10);
        KeyPointDetection[] found =
        [
            new(box, 0.5f, 0, []), new(box, float.NaN, 0, []), new(box.Offset(2, 0), 0.25f, 0, []), new(box, 0.4f, 1, []),
            new(box, 0, 1, []), new(new Box(50, 0, 50, 10), 0.9f, 0, []), new(new Box(70, 0, 80, 10), 0.1f, 0, []),
        ];
        IReadOnlyList<KeyPointDetection> blended = NonMaximumSuppression.Blend(found);
        Assert.Equal([0.9f, 0.5f, 0.4f, 0.1f], blended.Select(d => d.Score));
        Assert.Equal(2f / 3, blended[1].Box.Left, 6);
        Assert.Empty(NonMaximumSuppression.Blend([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonMaximumSuppression.Blend(found, double.NaN));
        Assert.Contains("0 key points, and another 1", Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Blend(
            [new(box, 0.5f, 0, []), new(box, 0.4f, 0, [new KeyPoint(Vector2.Zero, 1)])])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SCRFD_is_read_from_the_corners_of_cells()
    {
        JsonElement golden = Goldens.GetProperty("scrfd");
        var head = new ScrfdHead(4, 6, 16);
        float[] scores = Floats(golden, "scores"), distances = Floats(golden, "distances"), points = Floats(golden, "points");
        Same(golden.GetProperty("found"), head.Decode(scores, distances, points));
        IReadOnlyList<KeyPointDetection> without = head.Decode(scores, distances, []);
        Assert.Equal(golden.GetProperty("found").GetArrayLength(), without.Count);
        Assert.All(without, d => Assert.Empty(d.KeyPoints));
        NonMaximumSuppression.Apply(without, 0.4);
    }

    [Fact]
    public void Outputs_without_predictions_have_no_objects_and_scores_of_NaN_are_not_sure()
    {
        Assert.Empty(YoloPredictions.InstancesFromColumns([], 3));
        Assert.Empty(YoloPredictions.KeyPointsFromColumns([], 3));
        Assert.Empty(YoloPredictions.RotatedFromColumns([], 3));
        Assert.Empty(YoloPredictions.RotatedFromColumns([1, 1, 1, 1, float.NaN, 0], 1, leastScore: 0));
        Assert.Empty(new BlazeFaceDecoder().Decode(new float[896 * 16], [.. Enumerable.Repeat(float.NaN, 896)], leastScore: 0));
        Assert.Empty(new ScrfdHead(1, 1, 8, 1).Decode([float.NaN], new float[4], [], leastScore: 0));
        Assert.Empty(NonMaximumSuppression.Apply(Array.Empty<InstanceDetection>()));
        Assert.Empty(NonMaximumSuppression.Apply(Array.Empty<RotatedDetection>()));
    }

    [Fact]
    public void Outputs_of_other_lengths_are_refused_with_both_numbers()
    {
        Refused(() => YoloPredictions.InstancesFromColumns(new float[7], 3, 2), "has 9 numbers, which does not divide 7");
        Refused(() => YoloPredictions.KeyPointsFromColumns(new float[7], int.MaxValue), "has 6442450946 numbers, which does not divide 7");
        Refused(() => YoloPredictions.RotatedFromColumns(new float[7], 3), "has 8 numbers, which does not divide 7");
        Refused(() => YoloPredictions.RotatedFromColumns(new float[8], int.MaxValue), "which does not divide 8");
        Refused(() => new BlazeFaceDecoder().Decode(new float[3], new float[896]), "'boxes' must have 14336 floats");
        Refused(() => new BlazeFaceDecoder().Decode(new float[14336], new float[3]), "'scores' must have 896 floats");
        var head = new ScrfdHead(2, 2, 8);
        Refused(() => head.Decode(new float[7], new float[32], []), "'scores' must have 8 floats for one sample, but has 7");
        Refused(() => head.Decode(new float[8], new float[31], []), "'distances' must have 32");
        Refused(() => head.Decode(new float[8], new float[32], new float[1]), "'points' must have 80");
        var masks = new InstanceMasks(2, 2, count: 3);
        var detection = new InstanceDetection(new Box(0, 0, 1, 1), 1, 0, [1, 2]);
        Refused(() => masks.Read(new float[11], detection), "'prototypes' must have 12 floats for one sample, but has 11");
        Refused(() => masks.Read(new float[12], detection), "'detection' must have 3 coefficients, one for each prototype, but has 2");
        Assert.Throws<InvalidOperationException>(() => new InstanceMasks(2, 2, count: 2).Read(new float[8], detection, default, 5, 5));

        static void Refused(Func<object> action, string message) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => YoloPredictions.InstancesFromColumns([], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => YoloPredictions.InstancesFromColumns([], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => YoloPredictions.KeyPointsFromColumns([], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlazeFaceDecoder(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlazeFaceDecoder(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScrfdHead(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScrfdHead(20_000, 20_000, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InstanceMasks(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InstanceMasks(10_000, 10_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InstanceMasks(1, 1, count: 1).Read(
            [0], new InstanceDetection(default, 1, 0, [1]), new ImagePlacement(1, 1, 0, 0), 100_000, 100_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InstanceMasks(1, 1, count: 1).Read(
            [0], new InstanceDetection(default, 1, 0, [1]), new ImagePlacement(1, 1, 0, 0), 0, 1));
    }

    [Fact]
    public void What_was_found_is_brought_into_the_picture()
    {
        var placement = new ImagePlacement(0.5f, 0.5f, 10, -4);
        var turned = new RotatedDetection(new RotatedBox(new Vector2(20, 6), 8, 4, 100), 0.5f, 2);
        RotatedDetection there = placement.ToPicture(turned);
        Assert.Equal((0.5f, 2, new Vector2(20, 20)), (there.Score, there.Class, there.Box.Center));
        foreach ((Vector2 expected, Vector2 corner) in turned.Box.Corners.Select(placement.ToPicture).Zip(there.Box.Corners))
        {
            Assert.InRange(Vector2.Distance(expected, corner), 0, 1e-4f);
        }

        // Scales that differ: the sides are as long as those of the parallelogram.
        RotatedBox stretched = new ImagePlacement(0.5f, 2, 0, 0).ToPicture(turned.Box with { Angle = -90 });
        Assert.Equal((4, 8), (stretched.Width, stretched.Height));
        Assert.Equal(-90, stretched.Angle, 1e-4f);
        KeyPointDetection face = placement.ToPicture(
            new KeyPointDetection(new Box(10, -4, 11, -3), 1, 0, [new KeyPoint(new Vector2(11, -4), 0.25f)]));
        Assert.Equal((new Box(0, 0, 2, 2), new KeyPoint(new Vector2(2, 0), 0.25f)), (face.Box, face.KeyPoints[0]));
    }

    private static float[] Row(InstanceDetection d) => [.. Box.ToTensor([d.Box]), d.Score, d.Class];

    /// <summary>Rows of edges, score, and points.</summary>
    private static void Same(JsonElement expected, IReadOnlyList<KeyPointDetection> found)
    {
        Assert.Equal(expected.GetArrayLength(), found.Count);
        for (int i = 0; i < found.Count; i++)
        {
            Assert.All(found[i].KeyPoints, p => Assert.Equal(1, p.Visibility, 1e-6f));
            Close(Values(expected[i]), [.. Box.ToTensor([found[i].Box]), found[i].Score,
                .. found[i].KeyPoints.SelectMany(p => new[] { p.Position.X, p.Position.Y })]);
        }
    }

    private static float[] Values(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetSingle())];

    private static float[] Floats(JsonElement golden, string name) => Values(golden.GetProperty(name));

    private static void Close(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        float bound = Bound * expected.Max(float.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(pair.Second, pair.First - bound, pair.First + bound));
    }
}
