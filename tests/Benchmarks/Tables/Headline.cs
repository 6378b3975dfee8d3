using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata.Benchmarks.Tables;

/// <summary>The rows that the README shows, as a table and as a chart.</summary>
internal static class Headline
{
    /// <summary>The CPU family that tiles and algorithms are chosen for.</summary>
    public const string Family = "zen5";

    /// <summary>A family of another maker, whose ratios stand beside.</summary>
    public const string OtherFamily = "emerald-rapids";

    private static readonly (string Name, string Net, string Mode, int Batch)[] Shown =
    [
        ("LeNet-5", "lenet5", Result.Inference, 1),
        ("LeNet-5", "lenet5", Result.Inference, 64),
        ("ResNet-18", "resnet18", Result.Inference, 1),
        ("ResNet-50", "resnet50", Result.Inference, 1),
        ("VGG-16", "vgg16", Result.Inference, 1),
        ("DenseNet-121", "densenet121", Result.Inference, 1),
        ("MobileNetV2", "mobilenet_v2", Result.Inference, 1),
        ("U-Net", "unet", Result.Inference, 1),
        ("LeNet-5", "lenet5", Result.Training, 64),
        ("ResNet-18", "resnet18", Result.Training, 8),
        ("ResNet-50", "resnet50", Result.Training, 16),
        ("VGG-16", "vgg16", Result.Training, 2),
        ("MobileNetV2", "mobilenet_v2", Result.Training, 8),
        ("U-Net", "unet", Result.Training, 4),
    ];

    /// <summary>Of one thread at 512 bits, with the name of the network.</summary>
    public static IEnumerable<(string Name, Result Row)> Of(ResultFile file) =>
        Shown.Select(shown => (shown.Name, Find(file, shown.Net, shown.Mode, shown.Batch)!));

    private static Result? Find(ResultFile file, string net, string mode, int batch) => file.Rows.SingleOrDefault(row =>
        row is { Threads: 1, Tier: "avx512", Weights: "float32", Peer: "onnxruntime" or "pytorch" }
        && (row.Net, row.Mode, row.Batch) == (net, mode, batch));

    /// <param name="file">The results, with their times.</param>
    /// <param name="other">Those of another family, of which only the ratio is shown.</param>
    public static string Table(ResultFile file, ResultFile other)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, (string Name, Result Row)> mode in Of(file).GroupBy(shown => shown.Row.Mode))
        {
            string peer = mode.First().Row.PeerVersion!;
            text.Append(text.Length == 0
                ? $"| inference | Strata | {peer} | ratio | ratio, {other.Cpu.Split(" (")[0]} |\n|---|---|---|---|---|\n"
                : $"| **{mode.Key}** | | **{peer}** | | |\n");
            foreach ((string name, Result row) in mode)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {name}, batch {row.Batch} | {Time(row.StrataMs)} | ")
                    .Append(CultureInfo.InvariantCulture, $"{Time(row.PeerMs!.Value)} | {Ratio(row)} | ")
                    .Append(Find(other, row.Net, row.Mode, row.Batch) is { Ratio: not null } beside ? Ratio(beside) + " |\n" : "|\n");
            }
        }

        return text.ToString();
    }

    public static string Ratio(Result row) => row.Ratio!.Value.ToString("F2", CultureInfo.InvariantCulture);

    private static string Time(double milliseconds)
    {
        (double value, string unit) = milliseconds switch
        {
            < 0.1 => (milliseconds * 1000, "µs"),
            < 1000 => (milliseconds, "ms"),
            _ => (milliseconds / 1000, "s"),
        };
        int decimals = Math.Max(0, 2 - (int)Math.Floor(Math.Log10(value)));
        return $"{Math.Round(value, decimals).ToString(CultureInfo.InvariantCulture)} {unit}";
    }
}
