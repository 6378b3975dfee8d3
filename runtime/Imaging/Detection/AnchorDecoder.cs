using System;
using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>
/// Reads the two outputs of a detector with anchors, such as SSD, RetinaNet or UltraFace: four corrections and a score for each class, for
/// each anchor (Girshick et al., R-CNN, CVPR 2014, appendix C; torchvision's <c>BoxCoder</c>).
/// </summary>
/// <remarks>
/// With corrections t, variances v and an anchor of middle (x, y), width w and height h, the box has the middle (x + w·v·t₀, y + h·v·t₁)
/// and the size (w·exp(v·t₂), h·exp(v·t₃)).
/// <code>
/// var decoder = new AnchorDecoder(Anchors.UltraFace(320, 240), classes: 2) { HasBackground = true };
/// IReadOnlyList&lt;Detection&gt; faces = NonMaximumSuppression.Apply(decoder.Decode(boxes, scores, leastScore: 0.7), 0.3);
/// </code>
/// </remarks>
public sealed class AnchorDecoder
{
    private readonly Box[] _anchors;
    private readonly int _classes;

    /// <summary>Describes the outputs.</summary>
    /// <param name="anchors">The anchors, in the order of the outputs, in pixels of the network's input.</param>
    /// <param name="classes">Scores of an anchor, 1 or more; the background counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes.</exception>
    public AnchorDecoder(IReadOnlyList<Box> anchors, int classes)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        (_anchors, _classes) = ([.. anchors], classes);
    }

    /// <summary>
    /// Whether class 0 means that there is nothing. It is then left out, and the other classes are counted from 0.
    /// </summary>
    public bool HasBackground { get; init; }

    /// <summary>What corrections of the middle are multiplied by. Default 0.1.</summary>
    public float CenterVariance { get; init; } = 0.1f;

    /// <summary>What corrections of the size are multiplied by. Default 0.2.</summary>
    public float SizeVariance { get; init; } = 0.2f;

    /// <summary>Finds the objects of one sample: for each anchor, all classes that are sure enough.</summary>
    /// <param name="corrections">Four numbers for each anchor: x, y, width, height.</param>
    /// <param name="scores">Probabilities (after softmax or sigmoid), one for each class of each anchor.</param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1.</param>
    /// <returns>Boxes in pixels of the network's input, in the order of the anchors.</returns>
    /// <exception cref="ArgumentException">A tensor has another length.</exception>
    public IReadOnlyList<Detection> Decode(ReadOnlySpan<float> corrections, ReadOnlySpan<float> scores, double leastScore = 0.25)
    {
        DecoderChecks.Length(corrections.Length, 4 * _anchors.Length, nameof(corrections));
        DecoderChecks.Length(scores.Length, _classes * _anchors.Length, nameof(scores));
        int first = HasBackground ? 1 : 0;
        var found = new List<Detection>();
        for (int i = 0; i < _anchors.Length; i++)
        {
            for (int c = first; c < _classes; c++)
            {
                if (scores[i * _classes + c] is var score && score >= leastScore)
                {
                    found.Add(new Detection(BoxOf(_anchors[i], corrections.Slice(4 * i, 4)), score, c - first));
                }
            }
        }

        return found;
    }

    private Box BoxOf(Box anchor, ReadOnlySpan<float> t) => Box.FromCenter(
        anchor.CenterX + anchor.Width * CenterVariance * t[0],
        anchor.CenterY + anchor.Height * CenterVariance * t[1],
        anchor.Width * float.Exp(SizeVariance * t[2]),
        anchor.Height * float.Exp(SizeVariance * t[3]));
}
