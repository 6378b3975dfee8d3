using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>Boxes at fixed places, which a detector corrects. They are also called priors, or default boxes.</summary>
public static class Anchors
{
    /// <summary>Anchors in the middle of each cell of one map: row by row, and all sizes of a cell one after the other.</summary>
    /// <param name="height">Rows of cells, 1 or more.</param>
    /// <param name="width">Columns of cells, 1 or more.</param>
    /// <param name="strideX">Pixels from one column to the next.</param>
    /// <param name="strideY">Pixels from one row to the next.</param>
    /// <param name="sizes">Width and height of each anchor of a cell, in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is less than 1.</exception>
    public static IReadOnlyList<Box> Grid(
        int height, int width, float strideX, float strideY, IReadOnlyList<(float Width, float Height)> sizes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(sizes);
        var anchors = new List<Box>(height * width * sizes.Count);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                foreach ((float w, float h) in sizes)
                {
                    anchors.Add(Box.FromCenter((x + 0.5f) * strideX, (y + 0.5f) * strideY, w, h));
                }
            }
        }

        return anchors;
    }

    /// <summary>
    /// The anchors of an SSD network (Liu et al. 2016, section 2.2), in torchvision's order of its <c>DefaultBoxGenerator</c>. Each cell
    /// has a square of the map's scale, a square between this scale and the next, and two rectangles for each ratio.
    /// </summary>
    /// <param name="imageWidth">Width of the network's input.</param>
    /// <param name="imageHeight">Height of the network's input.</param>
    /// <param name="maps">Rows, columns and ratios of each map; SSD300 has (38, 38, [2]), (19, 19, [2, 3]) and so on.</param>
    /// <param name="scales">Sizes as shares of the input, one more than there are maps: 0.07, 0.15, 0.33, …</param>
    /// <param name="steps">Pixels from cell to cell of each map; null means that the cells divide the input evenly.</param>
    /// <exception cref="ArgumentException">The counts do not match.</exception>
    public static IReadOnlyList<Box> Ssd(
        int imageWidth, int imageHeight, IReadOnlyList<(int Height, int Width, float[] Ratios)> maps, IReadOnlyList<double> scales,
        IReadOnlyList<int>? steps = null)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(scales);
        if (scales.Count != maps.Count + 1 || (steps is not null && steps.Count != maps.Count))
        {
            throw new ArgumentException(
                $"{maps.Count} maps need {maps.Count + 1} scales and {maps.Count} steps; here are {scales.Count} and {steps?.Count ?? 0}.");
        }

        var anchors = new List<Box>();
        for (int map = 0; map < maps.Count; map++)
        {
            (int height, int width, float[] ratios) = maps[map];
            double own = scales[map], between = Math.Sqrt(scales[map] * scales[map + 1]);
            List<(float, float)> sizes =
                [((float)own * imageWidth, (float)own * imageHeight), ((float)between * imageWidth, (float)between * imageHeight)];
            foreach (float ratio in ratios)
            {
                double root = Math.Sqrt(ratio);
                sizes.Add(((float)(own * root) * imageWidth, (float)(own / root) * imageHeight));
                sizes.Add(((float)(own / root) * imageWidth, (float)(own * root) * imageHeight));
            }

            float strideX = steps?[map] ?? (float)imageWidth / width, strideY = steps?[map] ?? (float)imageHeight / height;
            anchors.AddRange(Grid(height, width, strideX, strideY, sizes));
        }

        return anchors;
    }

    /// <summary>
    /// The anchors of UltraFace (Ultra-Light-Fast-Generic-Face-Detector-1MB): squares of 10 to 256 pixels on four maps, of strides 8 to 64.
    /// </summary>
    /// <param name="imageWidth">Width of the network's input: 320 or 640.</param>
    /// <param name="imageHeight">Height of the network's input: 240 or 480.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is less than 1.</exception>
    public static IReadOnlyList<Box> UltraFace(int imageWidth, int imageHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imageWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(imageHeight, 1);
        var anchors = new List<Box>();
        foreach ((int stride, float[] sizes) in new (int, float[])[]
            { (8, [10, 16, 24]), (16, [32, 48]), (32, [64, 96]), (64, [128, 192, 256]) })
        {
            (float Width, float Height)[] squares = Array.ConvertAll(sizes, size => (size, size));
            anchors.AddRange(Grid((imageHeight + stride - 1) / stride, (imageWidth + stride - 1) / stride, stride, stride, squares));
        }

        return anchors;
    }

    /// <summary>
    /// The 896 anchors of BlazeFace (Bazarevsky et al. 2019, section 3.2; MediaPipe's <c>SsdAnchorsCalculator</c> with
    /// <c>fixed_anchor_size</c>): 16×16 cells with two, then 8×8 cells with six. All are as large as the input, since the network says
    /// how large a face is by itself.
    /// </summary>
    /// <param name="side">Width and height of the network's input, a multiple of 16: 128 (short range), 256 (back camera).</param>
    /// <exception cref="ArgumentOutOfRangeException">The side is not a positive multiple of 16.</exception>
    public static IReadOnlyList<Box> BlazeFace(int side)
    {
        if (side < 16 || side % 16 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(side), side, "Must be a positive multiple of 16, such as 128 or 256.");
        }

        var anchors = new List<Box>();
        foreach ((int cells, int count) in new[] { (16, 2), (8, 6) })
        {
            anchors.AddRange(Grid(
                cells, cells, (float)side / cells, (float)side / cells, [.. Enumerable.Repeat(((float)side, (float)side), count)]));
        }

        return anchors;
    }
}
