using System;
using System.Collections.Generic;
using System.CommandLine;
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
    /// <summary>Grad-CAM looks at the last layer that still has places.</summary>
    private const string LastConvolution = "conv2";

    private const int Enlargement = 7;

    private static readonly Option<string?> Output =
        Words.Picture("--output", "where to write the picture, if not to why.png beside the project");

    public static Command Create() => new Command("why",
        "Writes a picture of what speaks for the digit that the network reads, and for the second best: saliency, SmoothGrad, integrated "
        + "gradients and Grad-CAM side by side.")
    {
        DigitWords.FirstUnlessGiven, Output, DigitWords.Weights, DigitWords.Data,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        string output = Path.GetFullPath(parsed.GetValue(Output) ?? Place.Why);
        (byte[] pixels, string caption) = DigitWords.Find(parsed, DigitWords.FirstUnlessGiven);
        using CompiledNetwork network = DigitWords.Open(parsed, LastConvolution);
        float[] image = Array.ConvertAll(pixels, ink => ink / 255f), probabilities = new float[LeNet5.OutputLength];
        network.Forward(image, probabilities);
        var ink = Picture.OfActivation(image, [1, Digit.Size, Digit.Size], new PictureOptions
        {
            Colors = ColorMap.Grey,
            Enlargement = Enlargement,
            Gap = 0,
        });
        using var attention = Attention.Of(network);
        IReadOnlyList<(int Class, float Score)> best = ClassNames.Top(probabilities, 2);
        Picture.Stack([.. best.Select(b => AttentionSheet.Row(
            [(ink, $"why a {b.Class}?"), .. AttentionSheet.Explain(attention, image, b.Class, LastConvolution, ink)]))]).Save(output);

        terminal.Out.WriteLine($"{caption}; read as {best[0].Class} ({best[0].Score:P1}), second {best[1].Class} ({best[1].Score:P1})");
        terminal.Out.WriteLine($"picture written to {output}; for both, from the left:");
        foreach (string line in AttentionSheet.Legend("digit", LastConvolution).Prepend("the digit"))
        {
            terminal.Out.WriteLine("  " + line);
        }

        return Shell.Success;
    }
}
