using System;
using System.Linq;
using Samples;
using Strata;
using Strata.Pictures;

namespace Zoo;

/// <summary>Draws what a layer computes.</summary>
internal static class MapsCommand
{
    public const string Help = """
        Writes a picture of a layer's activation: a map for each channel, from violet, the least,
        to yellow, the greatest. The network must be declared with [Network(Observable = true)].

        Usage: Zoo maps NAME LAYER --output FILE.png [OPTIONS]

        Options:
          --output FILE   where to write the picture
          --weights FILE  a safetensors file with PyTorch's names (default: seeded weights)
          --input FILE    a .png file of the input's size, whose values become 0 to 1; or an .npy
                          file of one sample or several (default: rings that grow finer outwards)
          --sample N      which of several samples, counted from 0 (default: 0)
          --each          every map fills the colours by itself
          --enlarge N     pixels for a number, each way (default: as many as fit into 1,024)
          --seed N        of weights that no file gives (default: 1)
        """;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        string output = PictureArguments.Output(arguments, "maps");
        string? weights = arguments.Option("--weights"), input = arguments.Option("--input");
        int seed = arguments.Integer("--seed", 1, 0, int.MaxValue);
        int sample = arguments.Integer("--sample", 0, 0, int.MaxValue);
        PictureOptions options = PictureArguments.Options(arguments);
        ZooNetwork zoo = ZooNetwork.Take(arguments, "maps");
        string layer = PictureArguments.Layer(
            arguments, zoo, [.. zoo.Info.Layers.Where(l => !l.TrainingOnly).Select(l => l.Name)], "maps");
        arguments.End();
        if (!zoo.Observable)
        {
            throw new UsageException(
                $"the layers of {zoo.Name} cannot be looked at, since it is not declared with [Network(Observable = true)]; those of "
                + $"{string.Join(", ", Catalog.All.Where(n => n.Observable).Select(n => n.Name))} can");
        }

        float[] inputs = input is null ? ZonePlate.Draw(zoo.Info.InputShape) : zoo.ReadInputs(input);
        int samples = inputs.Length / zoo.InputLength;
        if (sample >= samples)
        {
            throw new UsageException(
                $"--sample is {sample}, but there {(samples == 1 ? "is" : "are")} {Plural.Of(samples, "sample")}, counted from 0");
        }

        using CompiledNetwork network = zoo.Create(new NetworkOptions { Seed = (ulong)seed, Weights = weights, Observe = [layer] });
        network.Forward(inputs.AsSpan(sample * zoo.InputLength, zoo.InputLength), new float[zoo.OutputLength]);
        Picture picture = PictureArguments.Draw(() => Picture.OfActivation(network, layer, options: options));
        picture.Save(output);
        terminal.Out.WriteLine($"{zoo.Name}: {layer}, {Tables.Shape(zoo.Info.Layers.First(l => l.Name == layer).OutputShape)}");
        terminal.Out.WriteLine($"{picture.Width}×{picture.Height} pixels written to {output}");
        return 0;
    }
}
