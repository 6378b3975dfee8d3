using System;
using System.CommandLine;
using System.Linq;
using Samples;
using Strata.Pictures;

namespace Zoo;

/// <summary>The options and arguments of the commands that draw a layer.</summary>
internal static class PictureWords
{
    private const int Shown = 12;

    public static Argument<string?> Layer { get; } = Words.Argument("LAYER", "the name of a layer; 'summary' shows them");

    public static Option<string?> Output { get; } = Words.Picture("--output", "where to write the picture, as PNG", required: true);

    public static Option<bool> Each { get; } = Words.Flag("--each", "every kernel or map fills the colours by itself");

    public static Option<int> Enlarge { get; } =
        Words.Integer("--enlarge", "pixels for a number, each way; if not given, as many as fit into 1,024", null, 1, 256);

    public static PictureOptions OptionsOf(ParseResult parsed) => new()
    {
        ScaleEach = parsed.GetValue(Each),
        Enlargement = parsed.GetValue(Enlarge),
    };

    /// <summary>The layer that the command line names, one of some.</summary>
    public static string LayerOf(ParseResult parsed, ZooNetwork zoo, string[] layers)
    {
        string name = parsed.GetRequiredValue(Layer)!;
        return layers.Contains(name) ? name : throw new UsageException(
            $"{zoo.Name} has no layer '{name}' with {parsed.CommandResult.Command.Name}; there are {string.Join(", ", layers.Take(Shown))}"
            + (layers.Length > Shown ? $", … (summary {zoo.Name} shows all)" : ""));
    }

    /// <summary>Draws; a picture that would be too large is the command line's mistake.</summary>
    public static Picture Draw(Func<Picture> draw)
    {
        try
        {
            return draw();
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
