using System;
using System.CommandLine;
using System.IO;
using Samples;
using Strata.Pictures;

namespace Digits;

/// <summary>Draws what the network sees.</summary>
internal static class LookCommand
{
    private const string First = "conv1", Second = "relu2";

    // Kernels of 5 and maps of 28 pixels a side are 140 wide, so that each kernel stands above what it finds.
    private const int KernelEnlargement = 28, MapEnlargement = 5, Gap = 8;

    private static readonly Option<string?> Output =
        Words.Picture("--output", "where to write the picture, if not to look.png beside the project");

    public static Command Create() => new Command("look",
        "Writes a picture of what the network sees in a digit: the digit, the kernels of the first convolution, what each of them finds, "
        + "and the maps of the second convolution.")
    {
        DigitWords.FirstUnlessGiven, Output, DigitWords.Weights, DigitWords.Data,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        string output = Path.GetFullPath(parsed.GetValue(Output) ?? Place.Look);
        (byte[] pixels, string caption) = DigitWords.Find(parsed, DigitWords.FirstUnlessGiven);
        using LeNet5 network = DigitWords.Open(parsed, First, Second);
        float[] probabilities = new float[LeNet5.OutputLength];
        network.Forward(pixels, probabilities);

        var digit = new PictureOptions { Colors = ColorMap.Grey, Enlargement = 10, Gap = Gap };
        var kernels = new PictureOptions { Enlargement = KernelEnlargement, Columns = 6, Gap = Gap };
        var found = new PictureOptions { Colors = ColorMap.Diverging, Enlargement = MapEnlargement, Columns = 6, Gap = Gap };
        var maps = new PictureOptions { Enlargement = 10, Columns = 8, Gap = Gap, ScaleEach = true };
        Picture.Stack(
            Picture.OfActivation(Array.ConvertAll(pixels, ink => (float)ink), [1, Digit.Size, Digit.Size], digit),
            Picture.OfKernels(network.Conv1.Weight, kernels),
            Picture.OfActivation(network.Activation(First), [6, Digit.Size, Digit.Size], found),
            Picture.OfActivation(network.Activation(Second), [16, 10, 10], maps)).Save(output);

        terminal.Out.WriteLine($"{caption}; read as {Digit.Read(probabilities)}");
        terminal.Out.WriteLine($"picture written to {output}; from the top:");
        terminal.Out.WriteLine("  the digit");
        terminal.Out.WriteLine("  conv1's six kernels of 5×5 weights: red is above zero, blue below");
        terminal.Out.WriteLine("  what they find in the digit: red where it fits the kernel, blue where it is its opposite");
        terminal.Out.WriteLine("  conv2's sixteen maps behind their rectifier: violet is zero, yellow the most of each map");
        return Shell.Success;
    }
}
