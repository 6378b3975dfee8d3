using System.CommandLine;
using System.IO;
using Samples;

namespace Digits;

/// <summary>The options and arguments of the commands that use a trained network.</summary>
internal static class DigitWords
{
    private const string Picture = "a PNG file with one digit: dark on light or light on dark, any size, grey, RGB or palette; "
        + "or the number of an image of the test set, counted from 0";

    public static Argument<string?> Source { get; } = Words.Argument("FILE|INDEX", Picture);

    public static Argument<string?> FirstUnlessGiven { get; } =
        Words.Argument("FILE|INDEX", Picture + "; if not given, image 0", required: false);

    public static Option<string?> Weights { get; } =
        Words.Text("--weights", "FILE", "the weights, if not those that 'train' saved");

    public static Option<string?> Data { get; } =
        Words.Text("--data", "DIRECTORY", "take the image of that number from the full set's IDX files in this directory");

    /// <summary>The digit that the command line names.</summary>
    public static (byte[] Pixels, string Caption) Find(ParseResult parsed, Argument<string?> source) =>
        Trained.FindDigit(parsed.GetValue(source) ?? "0", parsed.GetValue(Data));

    /// <summary>The network with the weights that the command line names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="observe">The layers that shall be looked at.</param>
    public static LeNet5 Open(ParseResult parsed, params string[] observe) =>
        Trained.Open(Path.GetFullPath(parsed.GetValue(Weights) ?? Place.Weights), observe);
}
