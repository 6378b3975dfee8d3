using System;
using System.Linq;
using Samples;
using Strata.Pictures;

namespace Zoo;

/// <summary>What the commands that draw pictures take from the command line.</summary>
internal static class PictureArguments
{
    private const int Shown = 12;

    public static string Output(Arguments arguments, string command) =>
        arguments.PictureOutput() ?? throw new UsageException($"{command} needs --output FILE.png");

    public static PictureOptions Options(Arguments arguments) => new()
    {
        ScaleEach = arguments.Flag("--each"),
        Enlargement = arguments.Integer("--enlarge", 0, 1, 256),
    };

    /// <summary>The layer that the next word names, one of some.</summary>
    public static string Layer(Arguments arguments, ZooNetwork zoo, string[] layers, string command)
    {
        string name = arguments.Next() ?? throw new UsageException($"{command} needs the name of a layer; summary {zoo.Name} shows them");
        return layers.Contains(name) ? name : throw new UsageException(
            $"{zoo.Name} has no layer '{name}' with {command}; there are {string.Join(", ", layers.Take(Shown))}"
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
