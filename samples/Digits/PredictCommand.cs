using System;
using System.Globalization;
using System.IO;
using Samples;

namespace Digits;

/// <summary>Reads one digit.</summary>
internal static class PredictCommand
{
    public const string Help = """
        Reads a digit from a PNG file or from the test set.

        Usage: Digits predict FILE|INDEX [OPTIONS]

          FILE              a PNG file with one digit: dark on light or light on dark, any size,
                            8-bit grey, RGB or palette, not interlaced
          INDEX             number of an image of the test set, counted from 0

        Options:
          --weights FILE    the weights (default: those that 'train' saved)
          --data DIRECTORY  take INDEX from the full set's IDX files in this directory
        """;

    private const int BarWidth = 40;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        string weights = Path.GetFullPath(arguments.Option("--weights") ?? Place.Weights);
        string? directory = arguments.Option("--data");
        string source = arguments.Next() ?? throw new UsageException("predict needs a PNG file or an index into the test set");
        arguments.End();

        (byte[] pixels, string caption) = Trained.FindDigit(source, directory);
        using LeNet5 network = Trained.Open(weights);
        Span<float> output = stackalloc float[LeNet5.OutputLength];
        network.Forward(pixels, output);

        terminal.Out.WriteLine(caption);
        foreach (string line in Drawing.Digit(pixels, terminal.Interactive))
        {
            terminal.Out.WriteLine(line.TrimEnd());
        }

        for (int i = 0; i < output.Length; i++)
        {
            terminal.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{i}  {100 * output[i],6:F2} %  {Drawing.Bar(output[i], BarWidth)}")
                    .TrimEnd());
        }

        terminal.Out.WriteLine($"read as {Digit.Read(output)}");
        return 0;
    }
}
