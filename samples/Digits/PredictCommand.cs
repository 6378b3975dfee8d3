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

        (byte[] pixels, string caption) = Find(source, directory);
        if (!File.Exists(weights))
        {
            throw new FileNotFoundException($"no weights at {weights} yet; make them with: dotnet run -c Release --project samples/Digits");
        }

        using var network = new LeNet5();
        network.Load(weights);
        Span<float> input = stackalloc float[LeNet5.InputLength], output = stackalloc float[LeNet5.OutputLength];
        Digit.Normalize(pixels, input);
        network.Forward(input, output);

        terminal.Out.WriteLine(caption);
        foreach (string line in Drawing.Digit(pixels, terminal.Interactive))
        {
            terminal.Out.WriteLine(line.TrimEnd());
        }

        for (int i = 0; i < output.Length; i++)
        {
            terminal.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{i}  {100 * output[i],6:F2} %  {Drawing.Bar(output[i], BarWidth)}").TrimEnd());
        }

        terminal.Out.WriteLine($"read as {Digit.Read(output)}");
        return 0;
    }

    private static (byte[] Pixels, string Caption) Find(string source, string? directory)
    {
        if (!File.Exists(source) && int.TryParse(source, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            DigitSet test = DigitSet.Test(directory);
            return index < test.Count
                ? (test[index].ToArray(), $"test image {index}, labelled {test.Labels[index]}")
                : throw new UsageException($"the test set has images 0 to {test.Count - 1}");
        }

        try
        {
            return (Digit.FromImage(Png.Read(File.ReadAllBytes(source))), source);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
    }
}
