using System;
using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>
/// Reads the outputs of BlazeFace (Bazarevsky et al., BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs, 2019), as MediaPipe
/// does: a box and six key points for each anchor.
/// </summary>
/// <remarks>
/// The input has values from −1 to 1. The key points are the right eye, the left eye, the nose, the mouth, the right ear and the left ear,
/// where right is the person's. <see cref="NonMaximumSuppression.Blend"/> comes next. Files that write their maps of 16×16 and 8×8 cells
/// as outputs of their own need them one behind the other.
/// <code>
/// var decoder = new BlazeFaceDecoder();
/// IReadOnlyList&lt;KeyPointDetection&gt; faces = NonMaximumSuppression.Blend(decoder.Decode(boxes, scores));
/// </code>
/// </remarks>
public sealed class BlazeFaceDecoder
{
    /// <summary>Box: 4. Key points: 6 · 2.</summary>
    private const int Numbers = 16;

    /// <summary>MediaPipe's <c>score_clipping_thresh</c>.</summary>
    private const float LargestLogit = 100;

    private readonly IReadOnlyList<Box> _anchors;

    /// <summary>Describes the outputs.</summary>
    /// <param name="side">Width and height of the network's input, a multiple of 16: 128 (short range), 256 (back camera).</param>
    /// <exception cref="ArgumentOutOfRangeException">The side is not a positive multiple of 16.</exception>
    public BlazeFaceDecoder(int side = 128) => _anchors = Anchors.BlazeFace(side);

    /// <summary>Finds the faces of one sample: of each anchor that is sure enough.</summary>
    /// <param name="boxes">
    /// Of each of the 896 anchors, in pixels: x and y of the middle, from the anchor's; width, height; x and y of six points, from the
    /// anchor's middle.
    /// </param>
    /// <param name="scores">A number for each anchor, before the sigmoid. Numbers beyond ±100 count as ±100.</param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1. MediaPipe takes 0.5.</param>
    /// <returns>
    /// Faces in pixels of the network's input, in the order of the anchors; those of negative width or height are left out, as in
    /// MediaPipe.
    /// </returns>
    /// <exception cref="ArgumentException">A tensor has another length.</exception>
    public IReadOnlyList<KeyPointDetection> Decode(ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, double leastScore = 0.5)
    {
        DecoderChecks.Length(boxes.Length, Numbers * _anchors.Count, nameof(boxes));
        DecoderChecks.Length(scores.Length, _anchors.Count, nameof(scores));
        var found = new List<KeyPointDetection>();
        for (int i = 0; i < _anchors.Count; i++)
        {
            ReadOnlySpan<float> numbers = boxes.Slice(Numbers * i, Numbers);
            if (Logistic.Sigmoid(float.Clamp(scores[i], -LargestLogit, LargestLogit)) is var score && score >= leastScore
                && numbers[2] >= 0 && numbers[3] >= 0)
            {
                (float x, float y) = (_anchors[i].CenterX, _anchors[i].CenterY);
                Box box = Box.FromCenter(x + numbers[0], y + numbers[1], numbers[2], numbers[3]);
                found.Add(new KeyPointDetection(box, score, 0, DecoderChecks.Points(numbers[4..], x, y, step: 1)));
            }
        }

        return found;
    }
}
