using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Strata.Imaging;
using Strata.Pictures;

namespace Strata.Embeddings;

/// <summary>
/// Turns, moves and resizes faces so that their eyes, nose and mouth lie where networks for faces expect them. Such networks were trained
/// on faces that were aligned so, and their vectors of other faces are of little use.
/// </summary>
public static class FaceAlignment
{
    /// <summary>The side of an aligned face, in pixels, that ArcFace and most networks after it take.</summary>
    public const int Side = 112;

    /// <summary>
    /// Where the left eye, the right eye, the nose and the corners of the mouth lie in a picture of 112×112: left and right in the picture
    /// (Deng et al., ArcFace, CVPR 2019; the numbers are those of its code).
    /// </summary>
    public static IReadOnlyList<Vector2> Places { get; } =
    [
        new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f), new(41.5493f, 92.3655f), new(70.7299f, 92.2041f),
    ];

    /// <summary>Cuts an aligned face out of a picture.</summary>
    /// <remarks>
    /// Among the similarities (turn, scale and move), it is the one with the smallest squares of distances between points and places. With
    /// a point as a complex number, the best turn and scale is Σ conj(p)·q / Σ |p|², where p and q are points and places from their means.
    /// </remarks>
    /// <param name="photo">The picture, which stays as it is.</param>
    /// <param name="points">
    /// The face's five points in the picture, in the order of <see cref="Places"/>: those of <c>ScrfdHead</c>, brought back into the
    /// picture.
    /// </param>
    /// <param name="side">The width and height of the result: 1 or more.</param>
    /// <returns>The face.</returns>
    /// <exception cref="ArgumentException">There are not five points, they are all at one place, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The side is less than 1, or there would be more than 32 million pixels.</exception>
    public static Picture AlignFace(this Picture photo, IReadOnlyList<KeyPoint> points, int side = Side)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        if (points.Count != Places.Count)
        {
            throw new ArgumentException($"A face has {Places.Count} points here, but {points.Count} were given.", nameof(points));
        }

        Complex[] from = [.. points.Select(point => new Complex(point.Position.X, point.Position.Y))];
        Complex[] to = [.. Places.Select(place => new Complex(place.X, place.Y) * side / Side)];
        Complex fromMean = Mean(from), toMean = Mean(to);
        double spread = from.Sum(point => Square(point - fromMean));
        Complex turn = from.Zip(to, (p, q) => Complex.Conjugate(p - fromMean) * (q - toMean)).Aggregate(Complex.Add) / spread;
        if (!Complex.IsFinite(turn) || turn == Complex.Zero)
        {
            throw new ArgumentException(
                "The face's points are finite, and not all at one place. Here are "
                + $"{string.Join(", ", points.Select(Text))}.", nameof(points));
        }

        // Where the corners of the result are in the picture.
        Complex[] corners = [Complex.Zero, side, new(side, side), new(0, side)];
        return photo.CropPerspective([.. corners.Select(corner =>
        {
            Complex place = ((corner - toMean) / turn) + fromMean;
            return new Vector2((float)place.Real, (float)place.Imaginary);
        })], side, side);
    }

    private static string Text(KeyPoint point) =>
        string.Create(CultureInfo.InvariantCulture, $"({point.Position.X}, {point.Position.Y})");

    private static Complex Mean(Complex[] points) => points.Aggregate(Complex.Add) / points.Length;

    private static double Square(Complex number) => (number.Real * number.Real) + (number.Imaginary * number.Imaginary);
}
