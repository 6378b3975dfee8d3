using System;
using System.IO;
using Samples;
using Strata.Pictures;

namespace Digits;

/// <summary>Draws what the network sees.</summary>
internal static class LookCommand
{
    public const string Help = """
        Writes a picture of what the network sees in a digit: the digit, the kernels of the first
        convolution, what each of them finds, and the maps of the second convolution.

        Usage: Digits look [FILE|INDEX] [OPTIONS]

          FILE              a PNG file with one digit, as for 'predict'
          INDEX             number of an image of the test set, counted from 0 (default: 0)

        Options:
          --output FILE     where to write the picture (default: look.png beside the project)
          --weights FILE    the weights (default: those that 'train' saved)
          --data DIRECTORY  take INDEX from the full set's IDX files in this directory
        """;

    private const string First = "conv1", Second = "relu2";

    // Kernels of 5 and maps of 28 pixels a side are 140 wide, so that each kernel stands above what it finds.
    private const int KernelEnlargement = 28, MapEnlargement = 5, Gap = 8;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        string output = Path.GetFullPath(arguments.PictureOutput() ?? Place.Look);
        string weights = Path.GetFullPath(arguments.Option("--weights") ?? Place.Weights);
        string? directory = arguments.Option("--data");
        string source = arguments.Next() ?? "0";
        arguments.End();

        (byte[] pixels, string caption) = Trained.FindDigit(source, directory);
        using LeNet5 network = Trained.Open(weights, First, Second);
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
        return 0;
    }
}
