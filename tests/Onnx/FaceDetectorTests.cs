using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Strata.Imaging;
using Strata.Pictures;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>A published BlazeFace, from a picture to faces: what an app does, against the steps of MediaPipe in double precision.</summary>
public sealed class FaceDetectorTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("front_128x128", 128)]
    [InlineData("back_256x256", 256)]
    public void A_published_detector_finds_drawn_faces(string name, int side)
    {
        string? path = RealFile.All.Single(file => file.Name == $"face_detection_{name}_barracuda").Find(out string reason);
        Assert.SkipWhen(path is null, reason);
        using CompiledNetwork network = OnnxFile.Load(path!, network: new NetworkOptions { Threads = 1 });
        Box[] drawn = side == 128
            ? [Box.FromCenter(150, 130, 90, 120)] : [Box.FromCenter(80, 130, 90, 120), Box.FromCenter(220, 140, 80, 105)];
        var toInput = new ImagePreprocessing(side, side) { Fit = ImageFit.Letterbox, Mean = [0.5f, 0.5f, 0.5f], Std = [0.5f, 0.5f, 0.5f] };
        Picture picture = Draw(300, 260, drawn);
        float[] input = new float[toInput.Length], outputs = new float[network.OutputLength];
        ImagePlacement placement = toInput.Apply(picture, input);
        network.Forward(input, outputs);

        // Scores and boxes of 16×16 cells with two anchors, and of 8×8 cells with six, are outputs of their own.
        Assert.Equal(["512×1", "384×1", "512×16", "384×16"], network.Info.Outputs.Select(output => string.Join('×', output.Shape)));
        ReadOnlySpan<float> scores = outputs.AsSpan(0, 896), boxes = outputs.AsSpan(896);
        IReadOnlyList<KeyPointDetection> found = NonMaximumSuppression.Blend(new BlazeFaceDecoder(side).Decode(boxes, scores));
        double[][] expected = [.. ByMediaPipe(boxes.ToArray(), scores.ToArray(), side)];
        Assert.Equal(expected.Length, found.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            double[] numbers = [.. Box.ToTensor([found[i].Box]), found[i].Score,
                .. found[i].KeyPoints.SelectMany(p => new[] { p.Position.X, p.Position.Y })];
            Assert.All(expected[i].Zip(numbers), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * side));
        }

        KeyPointDetection[] faces = [.. found.Select(placement.ToPicture)];
        log.WriteLine(string.Join('\n', faces.Select(f => $"{f.Score:P0} {f.Box}")));
        Assert.Equal(drawn.Length, faces.Length);
        Assert.All(drawn, face =>
        {
            KeyPointDetection one = Assert.Single(faces, f => f.Box.IntersectionOverUnion(face) > 0.4);
            (float X, float Y)[] places = [(-0.38f, -0.08f), (0.38f, -0.08f), (0, 0.3f), (0, 0.6f), (-0.9f, 0), (0.9f, 0)];
            Assert.All(places.Zip(one.KeyPoints), pair => Assert.InRange(
                Vector2.Distance(
                    new Vector2(face.CenterX + (pair.First.X * face.Width / 2), face.CenterY + (pair.First.Y * face.Height / 2)),
                    pair.Second.Position),
                0, 0.2f * face.Width));
        });
    }

    /// <summary>
    /// Anchors, decoding and weighted suppression, one after the other, as MediaPipe's graph of the face detector sets them: rows of left,
    /// top, right, bottom, score, and six points.
    /// </summary>
    private static IEnumerable<double[]> ByMediaPipe(float[] boxes, float[] scores, int side)
    {
        var rows = new List<double[]>();
        for (int i = 0; i < scores.Length; i++)
        {
            (int cells, int cell) = i < 512 ? (16, i / 2) : (8, (i - 512) / 6);
            double x = (cell % cells + 0.5) / cells, y = (cell / cells + 0.5) / cells, score = 1 / (1 + Math.Exp(-scores[i]));
            double[] n = [.. boxes.Skip(16 * i).Take(16).Select(v => (double)v / side)];
            if (score >= 0.5)
            {
                rows.Add([.. new[] { x + n[0] - n[2] / 2, y + n[1] - n[3] / 2, x + n[0] + n[2] / 2, y + n[1] + n[3] / 2 }
                    .Select(v => v * side), score, .. n.Skip(4).Select((v, k) => (v + (k % 2 == 0 ? x : y)) * side)]);
            }
        }

        rows = [.. rows.OrderByDescending(r => r[4])];
        while (rows.Count > 0)
        {
            double[] best = rows[0];
            List<double[]> near = [.. rows.Where(r => Overlap(r, best) > 0.3)];
            double sum = near.Sum(r => r[4]);
            yield return [.. Enumerable.Range(0, best.Length).Select(k => k == 4 ? best[4] : near.Sum(r => r[4] * r[k]) / sum)];
            rows = [.. rows.Except(near)];
        }

        static double Overlap(double[] a, double[] b)
        {
            double width = Math.Min(a[2], b[2]) - Math.Max(a[0], b[0]), height = Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]);
            double common = Math.Max(0, width) * Math.Max(0, height);
            return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common);
        }
    }

    /// <summary>Faces as a child draws them: an oval with hair, eyes, a nose and a mouth, in soft light.</summary>
    private static Picture Draw(int width, int height, Box[] faces)
    {
        var picture = new Picture(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Vector3 color = new(110 + (40f * y / height), 130, 150 - (30f * x / width));
                foreach (Box face in faces)
                {
                    var at = new Vector2((x + 0.5f - face.CenterX) / (face.Width / 2), (y + 0.5f - face.CenterY) / (face.Height / 2));
                    color = Mix(color, new(60, 50, 80), Inside(at, 0, 1.75f, 1.3f, 0.6f));                       // shoulders
                    color = Mix(color, new(170, 120, 95), Inside(at, 0, 1, 0.42f, 0.5f));                        // neck
                    color = Mix(color, new(50, 35, 25), Inside(at, 0, -0.25f, 1.12f, 0.95f));                    // hair
                    float light = 1 - (0.25f * at.X * at.X) - (0.12f * at.X);
                    color = Mix(color, new Vector3(225, 175, 145) * light, Inside(at, 0, 0.1f, 0.9f, 0.98f));
                    foreach (float eye in new[] { -0.38f, 0.38f })
                    {
                        color = Mix(color, new Vector3(175, 125, 105) * light, 0.6f * Inside(at, eye, -0.1f, 0.27f, 0.14f));
                        color = Mix(color, new(240, 238, 235), Inside(at, eye, -0.08f, 0.19f, 0.075f));
                        color = Mix(color, new(40, 30, 30), Inside(at, eye, -0.08f, 0.085f, 0.075f));
                        color = Mix(color, new(60, 40, 30), 0.9f * Inside(at, eye, -0.26f, 0.26f, 0.045f));      // brow
                        color = Mix(color, new Vector3(150, 100, 85) * light, 0.7f * Inside(at, eye * 0.28f, 0.33f, 0.07f, 0.04f));
                    }

                    color = Mix(color, new Vector3(180, 130, 105) * light, 0.6f * Inside(at, 0.1f, 0.15f, 0.06f, 0.25f));   // nose
                    color = Mix(color, new(165, 70, 70), Inside(at, 0, 0.6f, 0.32f, 0.08f));                     // mouth
                    color = Mix(color, new(90, 30, 30), Inside(at, 0, 0.6f, 0.3f, 0.02f));
                }

                picture[x, y] = new Rgb((byte)color.X, (byte)color.Y, (byte)color.Z);
            }
        }

        return picture;

        static float Inside(Vector2 at, float x, float y, float width, float height) =>
            float.Clamp((1.08f - new Vector2((at.X - x) / width, (at.Y - y) / height).Length()) * 12, 0, 1);

        static Vector3 Mix(Vector3 under, Vector3 over, float share) => Vector3.Lerp(under, Vector3.Clamp(over, new(0), new(255)), share);
    }
}
