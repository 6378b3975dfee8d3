using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text;

namespace Strata;

/// <summary>Writes the table of a network's layers.</summary>
internal static class NetworkSummary
{
    private static readonly string[] Header = ["layer", "kind", "output", "formula", "parameters", "multiply-adds", "bytes"];

    // Columns from this one on are numbers, which are aligned to the right.
    private const int FirstNumber = 4;

    public static string Format(CompiledNetwork network)
    {
        NetworkInfo info = network.Info;
        var rows = new List<string[]>
        {
            Header,
            new[] { "input", "Input", Shape(info.InputShape), "", "", "", Number(4L * network.InputLength) },
        };
        rows.AddRange(info.Layers.Select(layer => new[]
        {
            layer.Name, layer.Kind, Shape(layer.OutputShape), layer.Formula,
            layer.ParameterCount == 0 ? "" : Number(layer.ParameterCount),
            layer.MultiplyAdds == 0 ? "" : Number(layer.MultiplyAdds),
            Number(4L * CompiledNetwork.Product(layer.OutputShape)),
        }));

        int[] widths = [.. Enumerable.Range(0, Header.Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{info.Name}\n");
        foreach (string[] row in rows)
        {
            AppendRow(text, row, widths);
            if (row == Header)
            {
                text.Append('-', widths.Sum() + (2 * (widths.Length - 1))).Append('\n');
            }
        }

        long parameters = info.Layers.Sum(layer => (long)layer.ParameterCount);
        long buffers = network.Parameters.Sum(p => (long)p.Length) - parameters;
        long bytes = network.Parameters.Sum(p => (long)p.Length * p.Layout.ElementSize);
        string others = buffers == 0 ? "" : $", and {Number(buffers)} numbers in buffers";
        text.Append(CultureInfo.InvariantCulture, $"parameters: {parameters:N0}{others} ({bytes:N0} bytes)\n");
        text.Append(CultureInfo.InvariantCulture, $"multiply-adds: {info.Layers.Sum(l => l.MultiplyAdds):N0}\n");
        long activations = network.InputLength + info.Layers.Sum(layer => (long)CompiledNetwork.Product(layer.OutputShape));
        text.Append(CultureInfo.InvariantCulture, $"activations: {sizeof(float) * activations:N0} bytes\n");
        string losses = string.Join(
            " + ", info.Losses.Select(l => l.Weight == 1 ? l.Name : string.Create(CultureInfo.InvariantCulture, $"{l.Weight} × {l.Name}")));
        text.Append(CultureInfo.InvariantCulture, $"loss: {(losses.Length == 0 ? "none" : losses)}\n");
        text.Append(CultureInfo.InvariantCulture, $"tier: {network.Isa}, threads: {network.Threads}\n");

        Assembly kernels = network.Program.GetType().Assembly;
        if (kernels.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            text.Append(CultureInfo.InvariantCulture,
                $"The kernels in {kernels.GetName().Name} were built without optimisation and run about ten times slower.\n");
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string[] row, int[] widths)
    {
        int start = text.Length;
        for (int i = 0; i < row.Length; i++)
        {
            text.Append(i == 0 ? "" : "  ").Append(i < FirstNumber ? row[i].PadRight(widths[i]) : row[i].PadLeft(widths[i]));
        }

        while (text.Length > start && text[^1] == ' ')
        {
            text.Length--;
        }

        text.Append('\n');
    }

    private static string Shape(IReadOnlyList<int> shape) => string.Join('×', shape.Select(e => e.ToString(CultureInfo.InvariantCulture)));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
