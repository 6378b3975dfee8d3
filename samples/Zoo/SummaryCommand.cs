using System;
using System.Globalization;
using Samples;
using Spectre.Console;
using Strata.CompilerServices;

namespace Zoo;

/// <summary>Shows a network's layers.</summary>
internal static class SummaryCommand
{
    public const string Help = """
        Shows a network's layers: output, shape rule, parameters, multiply-adds of one sample.
        The last line is the number of parameters.

        Usage: Zoo summary NAME
        """;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        ZooNetwork zoo = ZooNetwork.Take(arguments, "summary");
        arguments.End();

        Table table = Tables.Create("layer", "kind", "output", "rule", ">parameters", ">multiply-adds", ">bytes");
        foreach (LayerInfo layer in zoo.Info.Layers)
        {
            table.AddRow(
                Markup.Escape(layer.Name),
                layer.Kind,
                Tables.Shape(layer.OutputShape),
                Markup.Escape(layer.Formula),
                layer.ParameterCount == 0 ? "" : Tables.Number(layer.ParameterCount),
                layer.MultiplyAdds == 0 ? "" : Tables.Number(layer.MultiplyAdds),
                Tables.Number(sizeof(float) * (long)ZooNetwork.Length(layer.OutputShape)));
        }

        Tables.Write(table, terminal);
        terminal.Out.WriteLine(Text($"paper: {zoo.Paper}"));
        terminal.Out.WriteLine(Text($"multiply-adds: {zoo.MultiplyAdds}"));
        terminal.Out.WriteLine(Text($"parameters: {zoo.Parameters}"));
        return 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
