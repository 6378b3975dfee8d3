using System;
using System.Linq;

namespace Strata.Onnx.Tests;

/// <summary>A picture with large letters on lines.</summary>
internal static class Lettering
{
    private const int Columns = 5, Rows = 7;

    /// <summary>Five columns of seven points, from the top left.</summary>
    private static readonly string[] Letters =
    [
        "#### #   ##   ##### #    #    #    ", "#####  #    #    #    #    #    #  ", "#   ##   ##   #######   ##   ##   #",
        "######    #    #### #    #    #####", " ### #   ##   ##   ##   ##   # ### ", "#    #    #    #    #    #    #####",
    ];

    /// <summary>Channels × height × width behind the batch; ink is −1, and paper 1.</summary>
    public static float[] Picture(int[] shape)
    {
        int height = shape[2], width = shape[3], point = Math.Max(2, Math.Min(height, width) / 80), letters = 0;
        float[] paper = [.. Enumerable.Repeat(1f, height * width)];
        for (int top = 2 * point; top + (Rows * point) < height; top += 3 * Rows * point)
        {
            for (int left = 2 * point; left + (Columns * point) < width - (2 * point); left += (Columns + 1) * point)
            {
                Draw(paper, width, top, left, point, Letters[letters++ % Letters.Length]);
            }
        }

        return [.. Enumerable.Repeat(paper, shape[1]).SelectMany(values => values)];
    }

    private static void Draw(float[] paper, int width, int top, int left, int point, string letter)
    {
        for (int y = 0; y < Rows * point; y++)
        {
            for (int x = 0; x < Columns * point; x++)
            {
                if (letter[(y / point * Columns) + (x / point)] == '#')
                {
                    paper[((top + y) * width) + left + x] = -1;
                }
            }
        }
    }
}
