using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Imaging;
using Strata.Onnx;
using Strata.Pictures;

namespace Strata.Tool;

/// <summary><c>strata run model.onnx --image cat.jpg --labels names.txt</c>.</summary>
internal static class RunCommand
{
    private static readonly Option<string> Image = new("--image")
    {
        Description = "A photo: PNG, JPEG, GIF, BMP or TIFF.",
        Required = true,
    };

    private static readonly Option<string?> Labels = new("--labels") { Description = "A text file with the name of a class in each line." };

    private static readonly Option<int> Top = new("--top")
    {
        Description = "How many of the likeliest classes are shown; 5 by default.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<float[]> Mean = new("--mean")
    {
        Description = "What is subtracted from each channel, whose values are 0 to 1; by default the mean of ImageNet.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<float[]> Std = new("--std")
    {
        Description = "What each channel is then divided by; by default the standard deviation of ImageNet.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<ImageFit> Fit = new("--fit")
    {
        Description = "How the photo gets the input's size: Crop (the default), Stretch or Letterbox.",
    };

    public static Command Create() => new Command("run", "Computes what an ONNX file says of a photo.")
    {
        ModelArguments.Model, Image, Labels, Top, Mean, Std, Fit, ModelArguments.Inputs, ModelArguments.Constants, ModelArguments.Until,
    }.Does(Run);

    private static void Run(ParseResult parsed)
    {
        Picture picture = ImageFile.Read(parsed.GetRequiredValue(Image));
        string[]? names = parsed.GetValue(Labels) is { } labels ? File.ReadAllLines(labels) : null;
        using CompiledNetwork network = OnnxFile.Load(ModelArguments.PathOf(parsed), ModelArguments.Read(parsed));
        float[] input = new float[network.InputLength], output = new float[network.OutputLength];
        PreprocessingOf(parsed, network).Apply(picture, input);
        network.Forward(input, output);
        TextWriter writer = parsed.InvocationConfiguration.Output;
        int offset = 0;
        foreach (TensorInfo tensor in network.Info.Outputs)
        {
            int length = tensor.Shape.Aggregate(1, (product, extent) => product * extent);
            float[] values = output[offset..(offset + length)];
            offset += length;
            if (network.Info.Outputs.Count > 1 || tensor.Shape.Count > 1)
            {
                writer.WriteLine(Describe(tensor, values));
            }

            if (tensor.Shape.Count == 1)
            {
                WriteClasses(writer, values, names, parsed.GetValue(Top));
            }
        }
    }

    /// <summary>How the photo becomes the input.</summary>
    /// <exception cref="ToolException">The network takes no photos, or the numbers of channels differ.</exception>
    private static ImagePreprocessing PreprocessingOf(ParseResult parsed, CompiledNetwork network)
    {
        if (network.Info.Inputs is not [{ Shape: [1 or 3, var height, var width] }])
        {
            throw new ToolException(
                $"{network.Info.Name} takes no photo: its inputs are "
                + $"{string.Join(", ", network.Info.Inputs.Select(input => $"{input.Name} {string.Join('×', input.Shape)}"))}, "
                + "and a photo is 3×height×width, or 1×height×width in grey.");
        }

        bool isGray = network.Info.Inputs[0].Shape[0] == 1;
        ImagePreprocessing imageNet = ImagePreprocessing.ImageNet;
        return new ImagePreprocessing(width, height)
        {
            Fit = parsed.GetValue(Fit),
            ShorterSide = int.Min(width, height) * imageNet.ShorterSide / imageNet.Width,
            Grayscale = isGray,
            Mean = OfChannels(parsed, Mean, isGray ? [0] : imageNet.Mean),
            Std = OfChannels(parsed, Std, isGray ? [1] : imageNet.Std),
        };
    }

    private static IReadOnlyList<float> OfChannels(ParseResult parsed, Option<float[]> option, IReadOnlyList<float> @default) =>
        parsed.GetValue(option) is not { Length: > 0 } numbers ? @default
            : numbers.Length == @default.Count ? numbers
            : throw new ToolException($"{option.Name} has {numbers.Length} numbers, and the input {@default.Count} channels.");

    private static void WriteClasses(TextWriter writer, float[] values, string[]? names, int count)
    {
        if (names is not null && names.Length != values.Length)
        {
            throw new ToolException($"There are {names.Length} labels, and {values.Length} numbers in the output.");
        }

        // Numbers that are no probabilities are logits.
        bool areShares = values.Min() >= 0 && MathF.Abs(values.Sum() - 1) <= 1e-3f;
        float[] shares = areShares ? values : Softmax(values);
        foreach ((int index, float share) in ClassNames.Top(shares, int.Min(count, shares.Length)))
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{share,8:P1}  {names?[index] ?? $"class {index}"}"));
        }
    }

    private static float[] Softmax(float[] logits)
    {
        float largest = logits.Max();
        float[] powers = [.. logits.Select(logit => MathF.Exp(logit - largest))];
        float sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }

    private static string Describe(TensorInfo tensor, float[] values) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tensor.Name} {string.Join('×', tensor.Shape)}: from {values.Min():G4} to {values.Max():G4}, mean {values.Average():G4}");
}
