using System;
using System.CommandLine;
using Samples;
using Strata;
using Strata.Imaging;

namespace Zoo;

/// <summary>Draws a network's layers and blocks.</summary>
internal static class DrawCommand
{
    private static readonly Option<string?> Output =
        Words.Text("--output", "FILE", "where to write: .svg, or .mmd for Mermaid", required: true);

    private static readonly Option<int> Level = Words.Integer("--level", "how far blocks are opened", 1, 1, 100);

    private static readonly Option<string?> Block = Words.Text("--block", "NAME", "one block alone, such as inception3a");

    private static readonly Option<bool> Auxiliary = Words.Flag("--auxiliary", "with the heads that only training computes");

    public static Command Create() => new Command("draw",
        "Writes a drawing of a network: boxes for layers and blocks, arrows with the tensors' shapes. Bars show each box's share of the "
        + "parameters (orange) and multiply-adds (blue).")
    {
        ZooWords.Network, Output, Level, Block, Auxiliary,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        string output = parsed.GetRequiredValue(Output)!;
        if (!output.EndsWith(".mmd", StringComparison.OrdinalIgnoreCase) && !output.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--output writes a drawing, whose name ends in .svg or .mmd, not '{output}'");
        }

        ZooNetwork zoo = parsed.GetRequiredValue(ZooWords.Network);
        var options = new DiagramOptions
        {
            Level = parsed.GetValue(Level),
            Block = parsed.GetValue(Block),
            TrainingOnly = parsed.GetValue(Auxiliary),
        };
        Draw(zoo.Info, options).Save(output);
        terminal.Out.WriteLine($"{zoo.Name} written to {output}");
        return Shell.Success;
    }

    private static NetworkDiagram Draw(NetworkInfo network, DiagramOptions options)
    {
        try
        {
            return network.Diagram(options);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--block: {e.Message}");
        }
    }
}
