using Samples;
using Spectre.Console;

namespace Zoo;

/// <summary>Shows which networks there are.</summary>
internal static class ListCommand
{
    public const string Help = """
        Shows the networks: name, input, parameters, multiply-adds of one sample, size of the
        weights, and the paper.

        Usage: Zoo list
        """;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        arguments.End();
        Table table = Tables.Create("name", "input", ">parameters", ">multiply-adds", ">MB", "paper");
        foreach (ZooNetwork network in Catalog.All)
        {
            table.AddRow(
                network.Name,
                Tables.Shape(network.Info.InputShape),
                Tables.Number(network.Parameters),
                Tables.Number(network.MultiplyAdds),
                Tables.Megabytes(sizeof(float) * network.Parameters),
                Markup.Escape(network.Paper));
        }

        Tables.Write(table, terminal);
        return 0;
    }
}
