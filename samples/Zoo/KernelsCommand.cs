using System;
using System.Linq;
using Samples;
using Strata;
using Strata.Pictures;

namespace Zoo;

/// <summary>Draws a layer's kernels.</summary>
internal static class KernelsCommand
{
    public const string Help = """
        Writes a picture of a layer's kernels: in red, green and blue where they have three
        channels, otherwise a row for each kernel, red above zero, white at zero, blue below.

        Usage: Zoo kernels NAME LAYER --output FILE.png [OPTIONS]

        Options:
          --output FILE   where to write the picture
          --weights FILE  a safetensors file with PyTorch's names (default: seeded weights)
          --each          every kernel fills the colours by itself
          --enlarge N     pixels for a number, each way (default: as many as fit into 1,024)
          --seed N        of weights that no file gives (default: 1)
        """;

    private const string Suffix = ".weight";

    public static int Run(Arguments arguments, Terminal terminal)
    {
        string output = PictureArguments.Output(arguments, "kernels");
        string? weights = arguments.Option("--weights");
        int seed = arguments.Integer("--seed", 1, 0, int.MaxValue);
        PictureOptions options = PictureArguments.Options(arguments);
        ZooNetwork zoo = ZooNetwork.Take(arguments, "kernels");
        string[] layers =
        [
            .. zoo.Info.Parameters.Where(p => p.Key.EndsWith(Suffix, StringComparison.Ordinal) && p.Shape.Count > 1)
                .Select(p => p.Key[..^Suffix.Length]),
        ];
        string layer = PictureArguments.Layer(arguments, zoo, layers, "kernels");
        arguments.End();

        using CompiledNetwork network = zoo.Create(new NetworkOptions { Seed = (ulong)seed, Weights = weights });
        Parameter weight = network.FindParameter(layer + Suffix)!;
        Picture picture = PictureArguments.Draw(() => Picture.OfKernels(weight, options));
        picture.Save(output);
        terminal.Out.WriteLine($"{zoo.Name}: {weight.Key}, {Tables.Shape(weight.Shape)}");
        terminal.Out.WriteLine($"{picture.Width}×{picture.Height} pixels written to {output}");
        return 0;
    }
}
