using System;
using System.Linq;
using System.Numerics;
using Strata.Imaging;
using Strata.Pictures;
using Xunit;

namespace Strata.Embeddings.Tests;

/// <summary>Faces are turned, moved and resized to their places.</summary>
public sealed class FaceAlignmentTests
{
    [Theory]
    [InlineData(1.0, 0.0, 112)]
    [InlineData(2.5, 30.0, 112)]
    [InlineData(1.7, -75.0, 112)]
    [InlineData(3.0, 170.0, 112)]
    [InlineData(2.0, 10.0, 224)]
    public void The_points_of_a_face_come_to_their_places(double scale, double degrees, int side)
    {
        // A photo with a bright dot at each of the face's points.
        double angle = degrees * Math.PI / 180;
        var turn = new Vector2((float)(scale * Math.Cos(angle)), (float)(scale * Math.Sin(angle)));
        var middle = new Vector2(56, 56);
        Vector2[] points = [.. FaceAlignment.Places.Select(place =>
        {
            Vector2 from = place - middle;
            return new Vector2((from.X * turn.X) - (from.Y * turn.Y), (from.X * turn.Y) + (from.Y * turn.X)) + new Vector2(300, 280);
        })];
        Picture photo = WithDots(points, radius: (int)(3 * scale));
        Picture face = photo.AlignFace([.. points.Select(point => new KeyPoint(point, 1))], side);
        Assert.Equal((side, side), (face.Width, face.Height));
        foreach (Vector2 place in FaceAlignment.Places)
        {
            Vector2 expected = place * side / FaceAlignment.Side;
            Assert.InRange(Vector2.Distance(Center(face, expected, radius: 7 * side / FaceAlignment.Side), expected), 0, 0.7f);
        }
    }

    /// <summary>Where no similarity brings all points to their places, what is left sums up to nothing, as in any least squares.</summary>
    [Fact]
    public void Other_faces_come_as_near_as_they_can()
    {
        var random = new Random(1);
        Vector2[] points = [.. FaceAlignment.Places.Select(place =>
            (3 * place) + new Vector2(60 + random.Next(20), 60 + random.Next(20)))];
        Picture face = WithDots(points, radius: 9).AlignFace([.. points.Select(point => new KeyPoint(point, 1))]);
        Vector2[] rests = [.. FaceAlignment.Places.Select(place => Center(face, place, radius: 10) - place)];
        Assert.InRange(rests.Max(rest => rest.Length()), 1, 8);
        Assert.InRange(rests.Aggregate(Vector2.Add).Length() / 5, 0, 0.5f);
        Vector2 middle = FaceAlignment.Places.Aggregate(Vector2.Add) / 5;
        Vector2[] reached = [.. rests.Zip(FaceAlignment.Places, (rest, place) => place + rest - middle)];
        Assert.InRange(rests.Zip(reached, Vector2.Dot).Sum() / reached.Sum(one => one.LengthSquared()), -0.02f, 0.02f);
    }

    [Fact]
    public void Points_that_are_no_face_are_refused()
    {
        var photo = new Picture(50, 50);
        var point = new KeyPoint(new Vector2(10, 10), 1);
        Assert.StartsWith("A face has 5 points here, but 4 were given.",
            Assert.Throws<ArgumentException>("points", () => photo.AlignFace([point, point, point, point])).Message);
        Assert.StartsWith("The face's points are finite, and not all at one place. Here are (10, 10), (10, 10),",
            Assert.Throws<ArgumentException>("points", () => photo.AlignFace([point, point, point, point, point])).Message);
        KeyPoint[] points = [.. FaceAlignment.Places.Select(place => new KeyPoint(place, 1))];
        points[2] = new KeyPoint(new Vector2(float.NaN, 3), 1);
        Assert.Throws<ArgumentException>("points", () => photo.AlignFace(points));
        Assert.Throws<ArgumentOutOfRangeException>("side", () => photo.AlignFace(points, side: 0));
    }

    /// <summary>A photo with a bright dot at each point.</summary>
    private static Picture WithDots(Vector2[] points, int radius)
    {
        var photo = new Picture(600, 560);
        foreach (Vector2 point in points)
        {
            for (int y = (int)point.Y - radius; y <= (int)point.Y + radius; y++)
            {
                for (int x = (int)point.X - radius; x <= (int)point.X + radius; x++)
                {
                    if (Vector2.Distance(new Vector2(x + 0.5f, y + 0.5f), point) <= radius)
                    {
                        photo.Row(y)[x] = new Rgb(255, 255, 255);
                    }
                }
            }
        }

        return photo;
    }

    /// <summary>The middle of the light near a place.</summary>
    private static Vector2 Center(Picture picture, Vector2 place, int radius)
    {
        (Vector2 sum, float weight) = (Vector2.Zero, 0);
        for (int y = (int)place.Y - radius; y <= (int)place.Y + radius; y++)
        {
            for (int x = (int)place.X - radius; x <= (int)place.X + radius; x++)
            {
                float light = picture[x, y].Green;
                sum += light * new Vector2(x + 0.5f, y + 0.5f);
                weight += light;
            }
        }

        return sum / weight;
    }
}
