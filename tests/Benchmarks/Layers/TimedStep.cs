using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Compiler.Lowering;

namespace Strata.Benchmarks.Layers;

/// <summary>A step of a program, as the generator describes it.</summary>
/// <param name="Program">The method that it stands in.</param>
/// <param name="Layers">The layers that it computes, or what else it does.</param>
/// <param name="Algorithm">What its kernel does.</param>
/// <param name="Tile">What the kernel holds in registers; empty where it does not say.</param>
/// <param name="Flops">Of one sample, in the direct form.</param>
/// <param name="Model">Cycles that the cost model expects of each family of the tier's CPUs.</param>
internal sealed partial record TimedStep(string Program, string Layers, string Algorithm, string Tile, long Flops, Cost Model)
{
    public static TimedStep Of(string program, Step step)
    {
        int colon = step.Comment.IndexOf(": ", StringComparison.Ordinal);
        Match flops = FlopsPattern().Match(step.Comment);
        string summary = step.Kernel.Summary;
        int cut = summary.LastIndexOf("; ", StringComparison.Ordinal);
        bool saysTile = cut >= 0 && summary.AsSpan(cut).Contains("in registers", StringComparison.Ordinal);
        return new TimedStep(
            program,
            colon < 0 ? step.Comment : step.Comment[..colon],
            saysTile ? summary[..cut] : summary,
            saysTile ? summary[(cut + 2)..].Replace("in registers", "", StringComparison.Ordinal).Trim() : "",
            flops.Success ? long.Parse(flops.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 0,
            step.Cycles);
    }

    [GeneratedRegex(@"([\d,]+) FLOPs")]
    private static partial Regex FlopsPattern();
}
