using System;
using System.CommandLine;
using System.Linq;
using Samples;
using Strata;
using Strata.Pictures;

namespace Zoo;

/// <summary>Draws what a layer computes.</summary>
internal static class MapsCommand
{
    private static readonly Option<string?> Input = Words.Text("--input", "FILE",
        "a .png file of the input's size, whose values become 0 to 1; or an .npy file of one sample or several; if not given, rings that "
        + "grow finer outwards");

    private static readonly Option<int> Sample =
        Words.Integer("--sample", "which of several samples, counted from 0", 0, 0, int.MaxValue);

    public static Command Create() => new Command("maps",
        "Writes a picture of a layer's activation: a map for each channel, from violet, the least, to yellow, the greatest. The network "
        + "must be declared with [Network(Observable = true)].")
    {
        ZooWords.Network, PictureWords.Layer, PictureWords.Output, ZooWords.Weights, Input, Sample, PictureWords.Each,
        PictureWords.Enlarge, ZooWords.WeightsSeed,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        string output = parsed.GetRequiredValue(PictureWords.Output)!;
        string? weights = parsed.GetValue(ZooWords.Weights), input = parsed.GetValue(Input);
        (int seed, int sample) = (parsed.GetValue(ZooWords.WeightsSeed), parsed.GetValue(Sample));
        ZooNetwork zoo = parsed.GetRequiredValue(ZooWords.Network);
        string layer = PictureWords.LayerOf(parsed, zoo, [.. zoo.Info.Layers.Where(l => !l.TrainingOnly).Select(l => l.Name)]);
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
        Picture picture = PictureWords.Draw(() => Picture.OfActivation(network, layer, options: PictureWords.OptionsOf(parsed)));
        picture.Save(output);
        terminal.Out.WriteLine($"{zoo.Name}: {layer}, {Tables.Shape(zoo.Info.Layers.First(l => l.Name == layer).OutputShape)}");
        terminal.Out.WriteLine($"{picture.Width}×{picture.Height} pixels written to {output}");
        return Shell.Success;
    }
}
