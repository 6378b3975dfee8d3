using System;
using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>
/// Reads one output of a YOLO network of version 3, 4, 5 or 7, whose cells correct the boxes of anchors. Channels are, for each anchor, x,
/// y, width, height, whether there is an object, and a score for each class; all before the sigmoid.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Version</term><description>Middle and size of a box, in pixels; t are the numbers, c the cell, s the stride, a the
/// anchor</description></listheader>
/// <item><term>3 (Redmon and Farhadi 2018, section 2.1)</term><description>(σ(t) + c) · s; a · exp(t)</description></item>
/// <item><term>5 (Ultralytics)</term><description>(2σ(t) − 0.5 + c) · s; a · (2σ(t))²</description></item>
/// </list>
/// The score is that of an object times that of its best class.
/// <code>
/// var large = new YoloHead(YoloVersion.V5, 20, 20, stride: 32, [(116, 90), (156, 198), (373, 326)], classes: 80);
/// IReadOnlyList&lt;Detection&gt; found = NonMaximumSuppression.Apply(large.Decode(output));
/// </code>
/// </remarks>
public sealed class YoloHead
{
    private readonly YoloVersion _version;
    private readonly (float Width, float Height)[] _anchors;
    private readonly int _height;
    private readonly int _width;
    private readonly int _stride;
    private readonly int _classes;

    /// <summary>Describes the output.</summary>
    /// <param name="version">How boxes are written.</param>
    /// <param name="height">Rows of cells, 1 or more.</param>
    /// <param name="width">Columns of cells, 1 or more.</param>
    /// <param name="stride">Pixels of the network's input from one cell to the next: 8, 16 or 32.</param>
    /// <param name="anchors">Width and height of each anchor, in pixels of the network's input.</param>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1, or the version is unknown.</exception>
    /// <exception cref="ArgumentException">There are no anchors.</exception>
    public YoloHead(
        YoloVersion version, int height, int width, int stride, IReadOnlyList<(float Width, float Height)> anchors, int classes)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (!Enum.IsDefined(version))
        {
            throw new ArgumentOutOfRangeException(nameof(version), version, "Versions are V3 and V5.");
        }

        if (anchors.Count == 0)
        {
            throw new ArgumentException("A head has at least one anchor.", nameof(anchors));
        }

        (_version, _height, _width, _stride, _anchors, _classes) = (version, height, width, stride, [.. anchors], classes);
    }

    /// <summary>Floats of the output: anchors × (5 + classes) × height × width.</summary>
    public int Length => _anchors.Length * (5 + _classes) * _height * _width;

    /// <summary>Finds the objects of one sample, in no particular order. <see cref="NonMaximumSuppression"/> comes next.</summary>
    /// <param name="output">The output, <see cref="Length"/> floats (C, H, W).</param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1.</param>
    /// <returns>Boxes in pixels of the network's input.</returns>
    /// <exception cref="ArgumentException">The output has another length.</exception>
    public IReadOnlyList<Detection> Decode(ReadOnlySpan<float> output, double leastScore = 0.25)
    {
        DecoderChecks.Length(output.Length, Length, nameof(output));
        var found = new List<Detection>();
        int cells = _height * _width;
        for (int anchor = 0; anchor < _anchors.Length; anchor++)
        {
            ReadOnlySpan<float> maps = output.Slice(anchor * (5 + _classes) * cells, (5 + _classes) * cells);
            for (int cell = 0; cell < cells; cell++)
            {
                float presence = Logistic.Sigmoid(maps[4 * cells + cell]);
                if (presence >= leastScore)
                {
                    (int best, float logit) = DecoderChecks.Best(maps[(5 * cells)..], cell, cells, _classes);
                    if (presence * Logistic.Sigmoid(logit) is var score && score >= leastScore)
                    {
                        found.Add(new Detection(BoxAt(maps, cell, _anchors[anchor]), score, best));
                    }
                }
            }
        }

        return found;
    }

    private Box BoxAt(ReadOnlySpan<float> maps, int cell, (float Width, float Height) anchor)
    {
        int cells = _height * _width;
        float x = Logistic.Sigmoid(maps[cell]), y = Logistic.Sigmoid(maps[cells + cell]);
        (float w, float h) = (maps[2 * cells + cell], maps[3 * cells + cell]);
        (int row, int column) = Math.DivRem(cell, _width);
        if (_version == YoloVersion.V3)
        {
            return Box.FromCenter(
                (x + column) * _stride, (y + row) * _stride, anchor.Width * float.Exp(w), anchor.Height * float.Exp(h));
        }

        (w, h) = (2 * Logistic.Sigmoid(w), 2 * Logistic.Sigmoid(h));
        return Box.FromCenter(
            (2 * x - 0.5f + column) * _stride, (2 * y - 0.5f + row) * _stride, anchor.Width * w * w, anchor.Height * h * h);
    }
}

/// <summary>How a YOLO network with anchors writes boxes.</summary>
public enum YoloVersion
{
    /// <summary>YOLOv3 and v4.</summary>
    V3,

    /// <summary>YOLOv5 and v7.</summary>
    V5,
}
