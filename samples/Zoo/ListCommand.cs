using Samples;

namespace Zoo;

/// <summary>Shows which networks there are.</summary>
internal static class ListCommand
{
    public const string Help = """
        Shows the networks: name, input, parameters, multiply-adds of one sample, size of the
        weights, and the paper where the window is wide enough (summary NAME shows it, too).

        Usage: Zoo list
        """;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        arguments.End();
        var table = new Tables("name", "input", ">parameters", ">multiply-adds", ">MB", "paper?");
        foreach (ZooNetwork network in Catalog.All)
        {
            table.Add(
                network.Name,
                Tables.Shape(network.Info.InputShape),
                Tables.Number(network.Parameters),
                Tables.Number(network.MultiplyAdds),
                Tables.Megabytes(sizeof(float) * network.Parameters),
                network.Paper);
        }

        table.Write(terminal);
        return 0;
    }
}
