using System.CommandLine;
using Samples;

namespace Zoo;

/// <summary>Shows which networks there are.</summary>
internal static class ListCommand
{
    public static Command Create() => new Command("list",
        "Shows the networks: name, input, parameters, multiply-adds of one sample, size of the weights, and the paper where the window "
        + "is wide enough (summary NAME shows it, too).").Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
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
        return Shell.Success;
    }
}
