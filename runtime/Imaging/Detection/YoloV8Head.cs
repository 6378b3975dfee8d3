using System;
using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>
/// Reads one output of a YOLO network of version 8 or later, which has no anchors: each cell says how far the four edges are, as a
/// distribution over whole numbers (Li et al., Generalized Focal Loss, NeurIPS 2020, section 3.2), and a score for each class.
/// </summary>
/// <remarks>
/// Channels are left, top, right, bottom with <c>bins</c> numbers each (before softmax), then the classes (before sigmoid). A distance is
/// the mean of its distribution, in strides.
/// </remarks>
public sealed class YoloV8Head
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _stride;
    private readonly int _classes;
    private readonly int _bins;

    /// <summary>Describes the output.</summary>
    /// <param name="height">Rows of cells, 1 or more.</param>
    /// <param name="width">Columns of cells, 1 or more.</param>
    /// <param name="stride">Pixels of the network's input from one cell to the next: 8, 16 or 32.</param>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="bins">Numbers of a distribution, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public YoloV8Head(int height, int width, int stride, int classes, int bins = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        (_height, _width, _stride, _classes, _bins) = (height, width, stride, classes, bins);
    }

    /// <summary>Floats of the output: (4 · bins + classes) × height × width.</summary>
    public int Length => (4 * _bins + _classes) * _height * _width;

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
        for (int cell = 0; cell < cells; cell++)
        {
            (int best, float logit) = DecoderChecks.Best(output[(4 * _bins * cells)..], cell, cells, _classes);
            if (Logistic.Sigmoid(logit) is var score && score >= leastScore)
            {
                (int row, int column) = Math.DivRem(cell, _width);
                (float x, float y) = (column + 0.5f, row + 0.5f);
                var box = new Box(
                    x - Distance(output, 0, cell), y - Distance(output, 1, cell),
                    x + Distance(output, 2, cell), y + Distance(output, 3, cell));
                found.Add(new Detection(box.Scale(_stride, _stride), score, best));
            }
        }

        return found;
    }

    /// <summary>The mean of the distribution of an edge.</summary>
    private float Distance(ReadOnlySpan<float> output, int edge, int cell)
    {
        int cells = _height * _width, start = edge * _bins * cells + cell;
        float most = float.NegativeInfinity;
        for (int bin = 0; bin < _bins; bin++)
        {
            most = float.Max(most, output[start + bin * cells]);
        }

        float sum = 0, weighted = 0;
        for (int bin = 0; bin < _bins; bin++)
        {
            float share = float.Exp(output[start + bin * cells] - most);
            sum += share;
            weighted += bin * share;
        }

        return weighted / sum;
    }
}
