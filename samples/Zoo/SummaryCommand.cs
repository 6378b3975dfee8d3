using System;
using System.CommandLine;
using System.Globalization;
using Samples;
using Strata;
using Strata.Training;

namespace Zoo;

/// <summary>Shows a network's layers.</summary>
internal static class SummaryCommand
{
    private static readonly Option<int> Batch = Words.Integer("--batch", "samples for which memory is counted", 1, 1, 65_536);

    public static Command Create() => new Command("summary",
        "Shows a network's layers: output, shape rule, receptive field, parameters, multiply-adds and bytes of one sample; then the memory "
        + "of inference and of training with SGD and momentum. The last line is the number of parameters. A narrow window leaves rule, "
        + "field and bytes out.")
    {
        ZooWords.Network, Batch,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        int batch = parsed.GetValue(Batch);
        ZooNetwork zoo = parsed.GetRequiredValue(ZooWords.Network);
        var table = new Tables("layer", "kind", "output", "rule?", "field?", ">parameters", ">multiply-adds", ">bytes?");
        foreach (LayerInfo layer in zoo.Info.Layers)
        {
            table.Add(
                layer.Name,
                layer.Kind,
                Tables.Shape(layer.OutputShape),
                layer.Formula,
                Tables.Shape(layer.ReceptiveField ?? []),
                layer.ParameterCount == 0 ? "" : Tables.Number(layer.ParameterCount),
                layer.MultiplyAdds == 0 ? "" : Tables.Number(layer.MultiplyAdds),
                Tables.Number(sizeof(float) * (long)ZooNetwork.Length(layer.OutputShape)));
        }

        table.Write(terminal);
        using CompiledNetwork network = zoo.Create(new NetworkOptions());
        var memory = MemoryUse.Of(network, batch, new Sgd(0.1) { Momentum = 0.9 });
        terminal.Out.WriteLine(Text($"paper: {zoo.Paper}"));
        string weights = Tables.Megabytes(memory.Parameters);
        terminal.Out.WriteLine(
            Text($"memory, {network.Isa}, {Plural.Of(network.Threads, "thread")}, batch {batch}: weights {weights} MB"));
        terminal.Out.WriteLine(
            $"  inference adds {Tables.Megabytes(memory.Inference)} MB, training {Tables.Megabytes(memory.Training)} MB");
        terminal.Out.WriteLine(Text($"multiply-adds: {zoo.MultiplyAdds}"));
        terminal.Out.WriteLine(Text($"parameters: {zoo.Parameters}"));
        return Shell.Success;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
