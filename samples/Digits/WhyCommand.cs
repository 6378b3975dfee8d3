using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Samples;
using Strata;
using Strata.Imaging;
using Strata.Pictures;

namespace Digits;

/// <summary>Draws which pixels make the network decide.</summary>
internal static class WhyCommand
{
    public const string Help = """
        Writes a picture of what speaks for the digit that the network reads, and for the second best:
        saliency, SmoothGrad, integrated gradients and Grad-CAM side by side.

        Usage: Digits why [FILE|INDEX] [OPTIONS]

          FILE              a PNG file with one digit, as for 'predict'
          INDEX             number of an image of the test set, counted from 0 (default: 0)

        Options:
          --output FILE     where to write the picture (default: why.png beside the project)
          --weights FILE    the weights (default: those that 'train' saved)
          --data DIRECTORY  take INDEX from the full set's IDX files in this directory
        """;

    /// <summary>Grad-CAM looks at the last layer that still has places.</summary>
    private const string LastConvolution = "conv2";

    private const int Enlargement = 7, Side = Enlargement * Digit.Size, Gap = 8, TextHeight = 12;

    private static readonly Rgb Background = new PictureOptions().Background;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        string output = Path.GetFullPath(arguments.PictureOutput() ?? Place.Why);
        string weights = Path.GetFullPath(arguments.Option("--weights") ?? Place.Weights);
        string? directory = arguments.Option("--data");
        string source = arguments.Next() ?? "0";
        arguments.End();

        (byte[] pixels, string caption) = Trained.FindDigit(source, directory);
        using CompiledNetwork network = Trained.Open(weights, LastConvolution);
        float[] image = Array.ConvertAll(pixels, ink => ink / 255f), probabilities = new float[LeNet5.OutputLength];
        network.Forward(image, probabilities);
        using var attention = Attention.Of(network);
        IReadOnlyList<(int Class, float Score)> best = ClassNames.Top(probabilities, 2);
        Picture.Stack([.. best.Select(b => Row(Explain(attention, image, b.Class)))]).Save(output);

        terminal.Out.WriteLine($"{caption}; read as {best[0].Class} ({best[0].Score:P1}), second {best[1].Class} ({best[1].Score:P1})");
        terminal.Out.WriteLine($"picture written to {output}; for both, from the left:");
        terminal.Out.WriteLine("  the digit");
        terminal.Out.WriteLine("  saliency: where a pixel would change the score most");
        terminal.Out.WriteLine("  SmoothGrad: the mean of that over copies with noise");
        terminal.Out.WriteLine("  integrated gradients: the ink that speaks for the digit is red, against it blue");
        terminal.Out.WriteLine($"  Grad-CAM: where {LastConvolution} found what speaks for the digit");
        return 0;
    }

    private static (Picture Picture, string Text)[] Explain(Attention attention, float[] image, int digit)
    {
        Picture ink = Picture.OfActivation(image, [1, Digit.Size, Digit.Size], new PictureOptions
        {
            Colors = ColorMap.Grey,
            Enlargement = Enlargement,
            Gap = 0,
        });
        return
        [
            (ink, $"why a {digit}?"),
            (attention.Saliency(image, digit).ToPicture(Enlargement), "saliency"),
            (attention.SmoothGrad(image, digit).ToPicture(Enlargement), "SmoothGrad"),
            (attention.IntegratedGradients(image, digit).ToPicture(Enlargement), "integrated gradients"),
            (attention.GradCam(LastConvolution, image, digit).Overlay(ink), "Grad-CAM"),
        ];
    }

    /// <summary>Pictures side by side, each with its name below it.</summary>
    private static Picture Row((Picture Picture, string Text)[] tiles)
    {
        var row = new Picture((tiles.Length * (Side + Gap)) + Gap, Gap + Side + TextHeight);
        for (int y = 0; y < row.Height; y++)
        {
            row.Row(y).Fill(Background);
        }

        for (int i = 0; i < tiles.Length; i++)
        {
            int left = Gap + (i * (Side + Gap));
            for (int y = 0; y < Side; y++)
            {
                tiles[i].Picture.Row(y).CopyTo(row.Row(Gap + y)[left..]);
            }

            row.DrawLabel(tiles[i].Text, left, Gap + Side, Background);
        }

        return row;
    }
}
