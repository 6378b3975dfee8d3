using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Samples.Read;
using Strata.Pictures;

namespace Strata.Samples.Tests;

/// <summary>
/// Does what the sample does, with the same networks in ONNX Runtime, in double precision and by other ways: nothing of Strata but
/// <see cref="Picture"/> is used.
/// </summary>
internal sealed class ReferenceReader : IDisposable
{
    private const int Longest = 1536, Height = 48;

    private readonly InferenceSession _detector;
    private readonly InferenceSession _direction;
    private readonly InferenceSession _recognizer;
    private readonly string[] _characters;

    public ReferenceReader(OcrModels models)
    {
        _detector = new InferenceSession(models.Detector);
        _direction = new InferenceSession(models.Direction);
        _recognizer = new InferenceSession(models.Recognizer);
        _characters = ["", .. File.ReadAllText(models.Characters).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'), " "];
    }

    public void Dispose()
    {
        _detector.Dispose();
        _direction.Dispose();
        _recognizer.Dispose();
    }

    /// <summary>The texts, each with the middle of its region, in any order.</summary>
    public List<(double X, double Y, string Text)> Read(Picture page)
    {
        if (page.Width > Longest || page.Height > Longest)
        {
            throw new ArgumentException("This reader makes no page smaller.", nameof(page));
        }

        var lines = new List<(double, double, string)>();
        foreach (Rectangle region in Regions(page))
        {
            string text = ReadLine(page, region);
            if (text.Length > 0)
            {
                lines.Add((region.X, region.Y, text));
            }
        }

        return lines;
    }

    private List<Rectangle> Regions(Picture page)
    {
        int height = (page.Height + 31) / 32 * 32, width = (page.Width + 31) / 32 * 32;
        int left = (width - page.Width) / 2, top = (height - page.Height) / 2;
        double[] mean = [0.485, 0.456, 0.406], deviation = [0.229, 0.224, 0.225];
        var input = new DenseTensor<float>([1, 3, height, width]);
        for (int channel = 0; channel < 3; channel++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    bool isPage = x >= left && x < left + page.Width && y >= top && y < top + page.Height;
                    double level = isPage ? Levels(page[x - left, y - top])[2 - channel] : new[] { 124, 116, 104 }[channel];
                    input[0, channel, y, x] = (float)((level / 255 - mean[channel]) / deviation[channel]);
                }
            }
        }

        float[] map = Run(_detector, input);
        return [.. ReferenceRegions.Find(map, width, height).Select(found => found with { X = found.X - left, Y = found.Y - top })];
    }

    private string ReadLine(Picture page, Rectangle region)
    {
        // The text runs along the longer side if that is half as long again as the other one: down, until the direction is known.
        Rectangle turned = region.Height >= 1.5 * region.Width
            ? new Rectangle(region.X, region.Y, region.Height, region.Width, region.Angle + (Math.PI / 2)) : region;
        int width = Math.Max(1, (int)Math.Round(Height * turned.Width / turned.Height));
        double[,,] line = Cut(page, turned, width);
        float[] directions = Run(_direction, Input(line, 192));
        if (directions[1] > 0.9)
        {
            line = Cut(page, turned with { Angle = turned.Angle + Math.PI }, width);
        }

        float[] probabilities = Run(_recognizer, Input(line, (width + 159) / 160 * 160));
        return BestPath(probabilities);
    }

    /// <summary>Blue, green, red × 48 × width, from 0 to 255. The mean of places that are a pixel of the page apart at most.</summary>
    private static double[,,] Cut(Picture page, Rectangle region, int width)
    {
        double[,,] line = new double[3, Height, width];
        int columns = (int)Math.Clamp(Math.Ceiling((float)region.Width / width), 1, 8);
        int rows = (int)Math.Clamp(Math.Ceiling((float)region.Height / Height), 1, 8);
        (double sin, double cos) = Math.SinCos(region.Angle);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double[] sum = new double[3];
                for (int i = 0; i < rows * columns; i++)
                {
                    double along = ((x + (((i % columns) + 0.5) / columns)) / width - 0.5) * region.Width;
                    double down = ((y + (((i / columns) + 0.5) / rows)) / Height - 0.5) * region.Height;
                    Add(sum, page, region.X + (along * cos) - (down * sin), region.Y + (along * sin) + (down * cos));
                }

                for (int channel = 0; channel < 3; channel++)
                {
                    line[channel, y, x] = Math.Round(sum[2 - channel] / (rows * columns));
                }
            }
        }

        return line;
    }

    private static void Add(double[] sum, Picture page, double x, double y)
    {
        (double left, double top) = (Math.Floor(x - 0.5), Math.Floor(y - 0.5));
        for (int i = 0; i < 4; i++)
        {
            (double column, double row) = (left + (i % 2), top + (i / 2));
            double share = (1 - Math.Abs(x - 0.5 - column)) * (1 - Math.Abs(y - 0.5 - row));
            byte[] levels = Levels(page[(int)Math.Clamp(column, 0, page.Width - 1), (int)Math.Clamp(row, 0, page.Height - 1)]);
            for (int channel = 0; channel < 3; channel++)
            {
                sum[channel] += share * levels[channel];
            }
        }
    }

    /// <summary>The line from −1 to 1, and 0 beside it. A longer one is squeezed: each pixel is a triangle two pixels wide.</summary>
    private static DenseTensor<float> Input(double[,,] line, int width)
    {
        var input = new DenseTensor<float>([1, 3, Height, width]);
        int length = line.GetLength(2), filled = Math.Min(length, width);
        double scale = (double)length / filled;
        for (int x = 0; x < filled; x++)
        {
            double middle = (x + 0.5) * scale;
            int[] columns = [.. Enumerable.Range(0, length).Where(c => Math.Abs(c + 0.5 - middle) < scale)];
            double[] shares = [.. columns.Select(c => 1 - (Math.Abs(c + 0.5 - middle) / scale))];
            for (int channel = 0; channel < 3; channel++)
            {
                for (int y = 0; y < Height; y++)
                {
                    double level = Math.Round(columns.Select((c, i) => shares[i] * line[channel, y, c]).Sum() / shares.Sum());
                    input[0, channel, y, x] = (float)((level / 255 - 0.5) / 0.5);
                }
            }
        }

        return input;
    }

    private string BestPath(float[] probabilities)
    {
        int[] best = [.. probabilities.Chunk(_characters.Length).Select(step => Array.IndexOf(step, step.Max()))];
        return string.Concat(best.Where((c, t) => t == 0 || c != best[t - 1]).Select(c => _characters[c]));
    }

    private static byte[] Levels(Rgb pixel) => [pixel.Red, pixel.Green, pixel.Blue];

    private static float[] Run(InferenceSession session, DenseTensor<float> input)
    {
        string name = session.InputMetadata.Keys.Single();
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([NamedOnnxValue.CreateFromTensor(name, input)]);
        return [.. outputs.Single().AsEnumerable<float>()];
    }
}

/// <summary>A rectangle with its middle, and an angle in radians, clockwise.</summary>
internal readonly record struct Rectangle(double X, double Y, double Width, double Height, double Angle);
