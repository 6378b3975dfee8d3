using System;
using System.CommandLine;
using Samples;
using Strata;
using Strata.Imaging;
using Strata.Pictures;

namespace Zoo;

/// <summary>Draws which pixels make a network decide.</summary>
internal static class WhyCommand
{
    // Maps of small inputs are enlarged to about this many pixels.
    private const int Shown = 224;

    private static readonly Option<string?> Input = Words.Text("--input", "FILE",
        "a picture: JPEG, PNG, BMP, GIF or TIFF, of any size", required: true);

    private static readonly Option<int> Class =
        Words.Integer("--class", "the class, counted from 0; if not given, the network's first choice", null, 0, int.MaxValue);

    public static Command Create() => new Command("why",
        "Writes a picture of what a network looks at: saliency, SmoothGrad, integrated gradients and Grad-CAM of the last convolution side "
        + "by side under the picture. The picture becomes the input as for torchvision's networks: it is resized, its middle is cut out, "
        + "and ImageNet's mean and deviation are taken off. The networks are " + string.Join(", ", Explained.Names) + ".")
    {
        ZooWords.Network, Input, PictureWords.Output, Class, ZooWords.Weights, ZooWords.WeightsSeed,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        ZooNetwork zoo = parsed.GetRequiredValue(ZooWords.Network);
        Explained explained = Explained.Find(zoo.Name) ?? throw new UsageException(
            $"{zoo.Name} cannot be explained, since there is no variant of it with gradients of its input; there are those of "
            + string.Join(", ", Explained.Names));
        bool isGiven = parsed.GetResult(Class) is not null;
        int @class = parsed.GetValue(Class);
        if (@class >= zoo.OutputLength)
        {
            throw new UsageException($"--class is {@class}, but {zoo.Name} has the classes 0 to {zoo.OutputLength - 1}");
        }

        string output = parsed.GetRequiredValue(PictureWords.Output)!;
        ImagePreprocessing toInput = ToInput(zoo.Info.InputShape[1], zoo.Info.InputShape[2]);
        float[] input = new float[toInput.Length], scores = new float[zoo.OutputLength];
        toInput.Apply(ImageFile.Read(parsed.GetRequiredValue(Input)!), input);
        using CompiledNetwork network = explained.Open(parsed.GetValue(ZooWords.Weights), parsed.GetValue(ZooWords.WeightsSeed));
        network.Forward(input, scores);
        int first = ClassNames.Top(scores, 1)[0].Class;
        @class = isGiven ? @class : first;

        using var attention = Attention.Of(network);
        Picture shown = Seen(input, toInput);
        Picture.Stack(
            AttentionSheet.Row((shown, $"why class {@class}?")),
            AttentionSheet.Row(AttentionSheet.Explain(attention, input, @class, explained.Layer, shown))).Save(output);
        terminal.Out.WriteLine($"{zoo.Name}: first choice is class {first}; picture for class {@class} written to {output}");
        foreach (string line in AttentionSheet.Legend("class", explained.Layer))
        {
            terminal.Out.WriteLine("  " + line);
        }

        return Shell.Success;
    }

    /// <summary>As torchvision does for 224×224 pixels, and in proportion for others.</summary>
    private static ImagePreprocessing ToInput(int height, int width)
    {
        ImagePreprocessing model = ImagePreprocessing.ImageNet;
        return new ImagePreprocessing(width, height)
        {
            ShorterSide = int.Min(width, height) * model.ShorterSide / model.Width,
            Mean = model.Mean,
            Std = model.Std,
        };
    }

    /// <summary>The picture that the network sees.</summary>
    private static Picture Seen(float[] input, ImagePreprocessing toInput)
    {
        int enlargement = int.Max(1, Shown / toInput.Width), pixels = toInput.Width * toInput.Height;
        var picture = new Picture(toInput.Width * enlargement, toInput.Height * enlargement);
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                int at = (y / enlargement * toInput.Width) + (x / enlargement);
                picture[x, y] = new Rgb(Light(0), Light(1), Light(2));

                byte Light(int channel) =>
                    (byte)MathF.Round(255 * ((input[(channel * pixels) + at] * toInput.Std[channel]) + toInput.Mean[channel]));
            }
        }

        return picture;
    }
}
