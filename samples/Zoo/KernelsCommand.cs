using System;
using System.CommandLine;
using System.Linq;
using Samples;
using Strata;
using Strata.Pictures;

namespace Zoo;

/// <summary>Draws a layer's kernels.</summary>
internal static class KernelsCommand
{
    private const string Suffix = ".weight";

    public static Command Create() => new Command("kernels",
        "Writes a picture of a layer's kernels: in red, green and blue where they have three channels, otherwise a row for each kernel, "
        + "red above zero, white at zero, blue below.")
    {
        ZooWords.Network, PictureWords.Layer, PictureWords.Output, ZooWords.Weights, PictureWords.Each, PictureWords.Enlarge,
        ZooWords.WeightsSeed,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        ZooNetwork zoo = parsed.GetRequiredValue(ZooWords.Network);
        string[] layers =
        [
            .. zoo.Info.Parameters.Where(p => p.Key.EndsWith(Suffix, StringComparison.Ordinal) && p.Shape.Count > 1)
                .Select(p => p.Key[..^Suffix.Length]),
        ];
        string layer = PictureWords.LayerOf(parsed, zoo, layers);
        string output = parsed.GetRequiredValue(PictureWords.Output)!;
        using CompiledNetwork network = zoo.Create(new NetworkOptions
        {
            Seed = (ulong)parsed.GetValue(ZooWords.WeightsSeed),
            Weights = parsed.GetValue(ZooWords.Weights),
        });
        Parameter weight = network.FindParameter(layer + Suffix)!;
        Picture picture = PictureWords.Draw(() => Picture.OfKernels(weight, PictureWords.OptionsOf(parsed)));
        picture.Save(output);
        terminal.Out.WriteLine($"{zoo.Name}: {weight.Key}, {Tables.Shape(weight.Shape)}");
        terminal.Out.WriteLine($"{picture.Width}×{picture.Height} pixels written to {output}");
        return Shell.Success;
    }
}
