using System.CommandLine;
using System.IO;
using Samples;

namespace Digits;

/// <summary>Shows what was compiled.</summary>
internal static class InspectCommand
{
    public static Command Create() => new Command("inspect",
        "Shows the network's layers (shape, formula, parameters, multiply-adds, bytes) and where its generated source is.").Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        using var network = new LeNet5();
        terminal.Out.Write(network.Summary());
        terminal.Out.WriteLine();
        string[] files = Place.GeneratedSource is { } folder && Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            : [];
        System.Array.Sort(files, System.StringComparer.Ordinal);
        terminal.Out.WriteLine(files.Length > 0 ? "generated source:" : "generated source: none here; build the project to write it");
        foreach (string file in files)
        {
            terminal.Out.WriteLine($"  {file}");
        }

        return Shell.Success;
    }
}
