using System;
using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>
/// Reads the outputs of one stride of SCRFD (Guo et al., Sample and Computation Redistribution for Efficient Face Detection, ICLR 2022),
/// as InsightFace exports them: a score, distances to the edges of a box, and five key points, for each anchor of each place.
/// </summary>
/// <remarks>
/// A place is the upper left corner of its cell. Numbers are strides from there. The key points are the left eye, the right eye, the nose,
/// and the left and the right corner of the mouth, as they lie in the picture. The outputs of all strides are suppressed together:
/// <code>
/// (ScrfdHead small, ScrfdHead medium, ScrfdHead large) = (new(80, 80, 8), new(40, 40, 16), new(20, 20, 32));   // of 640×640
/// IReadOnlyList&lt;KeyPointDetection&gt; faces = NonMaximumSuppression.Apply(
///     [.. small.Decode(scores8, boxes8, points8), .. medium.Decode(scores16, boxes16, points16), …], 0.4);
/// </code>
/// </remarks>
public sealed class ScrfdHead
{
    /// <summary>Five points of x and y.</summary>
    private const int PointNumbers = 10;

    private readonly int _places;
    private readonly int _width;
    private readonly int _stride;
    private readonly int _anchors;

    /// <summary>Describes the outputs.</summary>
    /// <param name="height">Rows of places, 1 or more: the input's height over the stride.</param>
    /// <param name="width">Columns of places, 1 or more.</param>
    /// <param name="stride">Pixels of the network's input from one place to the next: 8, 16 or 32.</param>
    /// <param name="anchors">Anchors of a place, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1, or there are too many anchors for an array.</exception>
    public ScrfdHead(int height, int width, int stride, int anchors = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(anchors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((double)height * width * anchors * PointNumbers, int.MaxValue, nameof(height));
        (_places, _width, _stride, _anchors) = (height * width, width, stride, anchors);
    }

    /// <summary>Anchors of all places: rows of the outputs.</summary>
    public int Count => _anchors * _places;

    /// <summary>Finds the faces of one sample.</summary>
    /// <param name="scores">Probabilities (after sigmoid), one for each anchor: row by row, and the anchors of a place together.</param>
    /// <param name="distances">From the place to the left, upper, right and lower edge, in strides: 4 numbers for each anchor.</param>
    /// <param name="points">
    /// From the place to each key point, x and y, in strides: 10 numbers for each anchor; empty for networks without key points.
    /// </param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1. InsightFace takes 0.5.</param>
    /// <returns>Faces in pixels of the network's input, in the order of the anchors.</returns>
    /// <exception cref="ArgumentException">A tensor has another length.</exception>
    public IReadOnlyList<KeyPointDetection> Decode(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> distances, ReadOnlySpan<float> points, double leastScore = 0.5)
    {
        DecoderChecks.Length(scores.Length, Count, nameof(scores));
        DecoderChecks.Length(distances.Length, 4 * Count, nameof(distances));
        if (!points.IsEmpty)
        {
            DecoderChecks.Length(points.Length, PointNumbers * Count, nameof(points));
        }

        var found = new List<KeyPointDetection>();
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] >= leastScore)
            {
                (int row, int column) = Math.DivRem(i / _anchors, _width);
                (float x, float y) = (column * (float)_stride, row * (float)_stride);
                ReadOnlySpan<float> d = distances.Slice(4 * i, 4);
                var box = new Box(x - _stride * d[0], y - _stride * d[1], x + _stride * d[2], y + _stride * d[3]);
                ReadOnlySpan<float> own = points.IsEmpty ? [] : points.Slice(PointNumbers * i, PointNumbers);
                found.Add(new KeyPointDetection(box, scores[i], 0, DecoderChecks.Points(own, x, y, _stride)));
            }
        }

        return found;
    }
}
