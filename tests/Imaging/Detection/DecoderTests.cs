using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Text.Json;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Decoders give what torchvision's models and the papers' formulas in double precision give.</summary>
public sealed class DecoderTests
{
    /// <summary>Relative to the largest number: a dozen roundings of floats.</summary>
    private const float Bound = 2e-6f;

    private static readonly JsonElement Goldens = JsonDocument.Parse(Resource.Open("detection.json")).RootElement;

    [Fact]
    public void Anchors_of_SSD300_are_those_of_torchvision()
    {
        JsonElement golden = Goldens.GetProperty("ssd");
        IReadOnlyList<Box> anchors = Anchors.Ssd(
            300, 300, [(38, 38, [2]), (19, 19, [2, 3]), (10, 10, [2, 3]), (5, 5, [2, 3]), (3, 3, [2]), (1, 1, [2])],
            [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05], [8, 16, 32, 64, 100, 300]);
        Assert.Equal(golden.GetProperty("count").GetInt32(), anchors.Count);
        Box[] picked = [.. golden.GetProperty("numbers").EnumerateArray().Select(n => anchors[n.GetInt32()])];
        Close(Floats(golden, "boxes"), Box.ToTensor(picked));
    }

    [Fact]
    public void Corrections_of_anchors_are_read_as_torchvision_reads_them()
    {
        JsonElement golden = Goldens.GetProperty("coder");
        Box[] anchors = Box.FromTensor(Floats(golden, "anchors"));
        float[] scores = [.. Enumerable.Repeat(new[] { 0.1f, 0.9f }, anchors.Length).SelectMany(s => s)];
        var decoder = new AnchorDecoder(anchors, classes: 2) { HasBackground = true };
        var found = decoder.Decode(Floats(golden, "corrections"), scores, 0.5);
        Close(Floats(golden, "boxes"), Box.ToTensor([.. found.Select(d => d.Box)]));
        Assert.All(found, d => Assert.Equal((0.9f, 0), (d.Score, d.Class)));
        Assert.Throws<ArgumentException>(() => decoder.Decode(new float[3], scores));
    }

    /// <summary>The counts stand in the project's own code for its two sizes.</summary>
    [Theory]
    [InlineData(320, 240, 4420)]
    [InlineData(640, 480, 17640)]
    public void UltraFace_has_as_many_anchors_as_its_outputs(int width, int height, int count)
    {
        IReadOnlyList<Box> anchors = Anchors.UltraFace(width, height);
        Assert.Equal(count, anchors.Count);
        Assert.Equal(Box.FromCenter(4, 4, 10, 10), anchors[0]);
    }

    [Theory]
    [InlineData(YoloVersion.V3, "yolo3")]
    [InlineData(YoloVersion.V5, "yolo5")]
    public void A_YOLO_head_with_anchors_follows_the_formulas(YoloVersion version, string name)
    {
        JsonElement golden = Goldens.GetProperty(name);
        var head = new YoloHead(version, 4, 5, 8, [(10, 13), (33, 23)], classes: 3);
        float[] output = Floats(golden, "output");
        Same(Floats(golden, "found"), head.Decode(output));
        Assert.Empty(head.Decode(output, leastScore: 1.1));
        Assert.Throws<ArgumentException>(() => head.Decode(output.AsSpan(1)));
    }

    [Fact]
    public void A_YOLOv8_head_follows_the_formulas()
    {
        JsonElement golden = Goldens.GetProperty("yolo8");
        var head = new YoloV8Head(3, 5, 16, classes: 3, bins: 4);
        Same(Floats(golden, "found"), head.Decode(Floats(golden, "output")));
    }

    [Fact]
    public void Predictions_that_the_network_decoded_are_read_in_both_orders()
    {
        float[] rows = [10, 20, 4, 6, 0.9f, 0.1f, 0.8f, 0, 0, 1, 1, 0.1f, 1, 1];
        Assert.Equal([new Detection(new Box(8, 17, 12, 23), 0.9f * 0.8f, 1)], YoloPredictions.FromRows(rows, 2));
        float[] columns = [10, 0, 20, 0, 4, 1, 6, 1, 0.1f, 0.2f, 0.8f, 0.1f];
        Assert.Equal([new Detection(new Box(8, 17, 12, 23), 0.8f, 1)], YoloPredictions.FromColumns(columns, 2));
        Assert.Throws<ArgumentException>(() => YoloPredictions.FromRows(rows.AsSpan(1), 2));
    }

    [Fact]
    public void CenterNet_finds_peaks_only()
    {
        float[] heat = [0.1f, 0.2f, 0.3f, 0.2f, 0.9f, 0.8f, 0.1f, 0.3f, 0.2f];
        float[] sizes = [.. Enumerable.Repeat(2f, 9), .. Enumerable.Repeat(1f, 9)];
        float[] offsets = [.. Enumerable.Repeat(0.25f, 9), .. Enumerable.Repeat(0.75f, 9)];
        var found = new CenterNetDecoder(1, 3, 3).Decode(heat, sizes, offsets);
        Assert.Equal([new Detection(Box.FromCenter(1.25f, 1.75f, 2, 1).Scale(4, 4), 0.9f, 0)], found);
    }

    [Fact]
    public void Rectangles_around_points_are_as_small_as_those_of_OpenCV()
    {
        foreach (JsonElement golden in Goldens.GetProperty("rectangles").EnumerateArray())
        {
            Vector2[] points = [.. Floats(golden, "points").Chunk(2).Select(p => new Vector2(p[0], p[1]))];
            RotatedBox box = RotatedBox.Around(points);
            Assert.Equal(golden.GetProperty("area").GetDouble(), box.Width * (double)box.Height, 0.01);
            Assert.InRange(box.Angle, -45, 45);
            (Vector2 corner, Vector2 across, Vector2 down) = (box.Corners[0], box.Corners[1], box.Corners[3]);
            Assert.All(points, p =>
            {
                Assert.InRange(Vector2.Dot(p - corner, Vector2.Normalize(across - corner)), -1e-3f, box.Width + 1e-3f);
                Assert.InRange(Vector2.Dot(p - corner, Vector2.Normalize(down - corner)), -1e-3f, box.Height + 1e-3f);
            });
        }
    }

    [Fact]
    public void Text_becomes_a_rectangle_that_is_enlarged()
    {
        float[] map = new float[10 * 20];
        for (int y = 3; y < 7; y++)
        {
            map.AsSpan((20 * y) + 4, 10).Fill(0.8f);
        }

        map[199] = 1;
        TextRegion region = Assert.Single(new TextRegionDecoder(10, 20).Decode(map));
        float margin = 40 * 1.5f / 28;
        Assert.Equal(0.8f, region.Score, 6);
        Assert.Equal(new RotatedBox(new Vector2(9, 5), 10 + (2 * margin), 4 + (2 * margin), 0), region.Box);
        Assert.Empty(new TextRegionDecoder(10, 20).Decode(new float[200]));
    }

    [Fact]
    public void Average_precision_is_that_of_COCOs_rules()
    {
        JsonElement golden = Goldens.GetProperty("evaluation");
        var evaluator = new DetectionEvaluator();
        foreach (JsonElement scene in golden.GetProperty("scenes").EnumerateArray())
        {
            evaluator.Add(
                [.. scene.GetProperty("found").EnumerateArray().Select(f => Found([.. f.EnumerateArray().Select(v => v.GetSingle())]))],
                [.. scene.GetProperty("objects").EnumerateArray().Select(o => Object([.. o.EnumerateArray().Select(v => v.GetSingle())]))]);
        }

        float[] thresholds = Floats(golden, "thresholds"), means = Floats(golden, "means");
        for (int i = 0; i < thresholds.Length; i++)
        {
            Assert.Equal(means[i], evaluator.MeanAveragePrecision(thresholds[i]), 1e-6);
        }

        Assert.Equal(golden.GetProperty("mean").GetDouble(), evaluator.MeanAveragePrecision(), 1e-6);

        static Detection Found(float[] v) => new(new Box(v[0], v[1], v[2], v[3]), v[4], (int)v[5]);
        static Detection Object(float[] v) => new(new Box(v[0], v[1], v[2], v[3]), 1, (int)v[4]);
    }

    /// <summary>Two of three objects are found, after one mistake: precision 1 to recall 1/3, 2/3 to recall 2/3, then nothing.</summary>
    [Fact]
    public void Average_precision_of_a_case_worked_out_by_hand()
    {
        Box[] objects = [new(0, 0, 10, 10), new(20, 0, 30, 10), new(40, 0, 50, 10)];
        var evaluator = new DetectionEvaluator();
        evaluator.Add(
            [new(objects[0], 0.9f, 0), new(new Box(60, 0, 70, 10), 0.8f, 0), new(objects[1], 0.7f, 0)],
            [.. objects.Select(o => new Detection(o, 1, 0))]);
        Assert.Equal(((34 * 1) + (33 * 2 / 3.0)) / 101, evaluator.MeanAveragePrecision(0.5), 12);
        Assert.True(double.IsNaN(new DetectionEvaluator().MeanAveragePrecision(0.5)));
    }

    [Fact]
    public void Segmentations_are_measured_by_pixels()
    {
        var evaluator = new SegmentationEvaluator(3) { IgnoreIndex = 255 };
        evaluator.Add([0, 0, 1, 1, 1, 2], [0, 1, 1, 1, 0, 255]);
        Assert.Equal(3 / 5.0, evaluator.Accuracy());
        Assert.Equal(1 / 3.0, evaluator.IntersectionOverUnion(0));
        Assert.Equal(2 / 4.0, evaluator.IntersectionOverUnion(1));
        Assert.Equal(2 * 2 / 6.0, evaluator.Dice(1));
        Assert.True(double.IsNaN(evaluator.IntersectionOverUnion(2)));
        Assert.Equal(((1 / 3.0) + (2 / 4.0)) / 2, evaluator.MeanIntersectionOverUnion());
        Assert.Throws<ArgumentException>(() => evaluator.Add([0], [3]));
        Assert.Throws<ArgumentException>(() => evaluator.Add([0, 1], [1]));
    }

    private static float[] Floats(JsonElement golden, string name) =>
        [.. golden.GetProperty(name).EnumerateArray().Select(v => v.GetSingle())];

    private static void Close(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        float bound = Bound * expected.Max(float.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(pair.Second, pair.First - bound, pair.First + bound));
    }

    /// <summary>Rows of box, score and class, in any order.</summary>
    private static void Same(float[] expected, IReadOnlyList<Detection> found)
    {
        Assert.NotEmpty(found);
        var rows = expected.Chunk(6).OrderBy(r => r[4]).ToList();
        List<Detection> sorted = [.. found.OrderBy(d => d.Score)];
        Close([.. rows.SelectMany(r => r)], [.. sorted.SelectMany(d => Box.ToTensor([d.Box]).Append(d.Score).Append(d.Class))]);
    }
}
