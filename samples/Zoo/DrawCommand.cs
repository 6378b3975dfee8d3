using System;
using Samples;
using Strata.Imaging;

namespace Zoo;

/// <summary>Draws a network's layers and blocks.</summary>
internal static class DrawCommand
{
    public const string Help = """
        Writes a drawing of a network: boxes for layers and blocks, arrows with the tensors' shapes.
        Bars show each box's share of the parameters (orange) and multiply-adds (blue).

        Usage: Zoo draw NAME --output FILE [OPTIONS]

        Options:
          --output FILE   where to write: .svg, or .mmd for Mermaid
          --level N       how far blocks are opened (default: 1)
          --auxiliary     with the heads that only training computes
        """;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        string output = arguments.Option("--output") ?? throw new UsageException("draw needs --output FILE.svg");
        if (!output.EndsWith(".mmd", StringComparison.OrdinalIgnoreCase) && !output.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--output writes a drawing, whose name ends in .svg or .mmd, not '{output}'");
        }

        int level = arguments.Integer("--level", 1, 1, 100);
        bool auxiliary = arguments.Flag("--auxiliary");
        ZooNetwork zoo = ZooNetwork.Take(arguments, "draw");
        arguments.End();

        zoo.Info.Diagram(new DiagramOptions { Level = level, TrainingOnly = auxiliary }).Save(output);
        terminal.Out.WriteLine($"{zoo.Name} written to {output}");
        return 0;
    }
}
