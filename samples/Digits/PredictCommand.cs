using System;
using System.CommandLine;
using System.Globalization;
using Samples;

namespace Digits;

/// <summary>Reads one digit.</summary>
internal static class PredictCommand
{
    private const int BarWidth = 40;

    public static Command Create() => new Command("predict", "Reads a digit from a PNG file or from the test set.")
    {
        DigitWords.Source, DigitWords.Weights, DigitWords.Data,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        (byte[] pixels, string caption) = DigitWords.Find(parsed, DigitWords.Source);
        using LeNet5 network = DigitWords.Open(parsed);
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
        return Shell.Success;
    }
}
