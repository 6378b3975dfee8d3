using System;
using System.CommandLine;
using System.IO;
using Strata.Weights;

namespace Strata.Tool;

/// <summary><c>strata convert model.pth model.safetensors</c>, and <c>strata convert model.keras model.safetensors</c>.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var weights = new Argument<string>("weights")
        {
            Description = "Weights that PyTorch has saved (.pth, .pt), or Keras (.h5, .weights.h5, .keras).",
        };
        var output = new Argument<string?>("output")
        {
            Description = "The safetensors file; by default the weights' name with .safetensors.",
            DefaultValueFactory = _ => null,
        };
        var command = new Command("convert", "Writes the weights of a PyTorch or Keras file as a safetensors file.") { weights, output };
        return command.Does(parsed =>
        {
            string source = parsed.GetRequiredValue(weights);
            string target = parsed.GetValue(output) ?? Path.ChangeExtension(source, ".safetensors");
            if (IsOfKeras(source))
            {
                KerasWeights.ConvertToSafetensors(source, target);
            }
            else
            {
                PyTorchWeights.ConvertToSafetensors(source, target);
            }

            parsed.InvocationConfiguration.Output.WriteLine(Path.GetFullPath(target));
        });
    }

    /// <summary>Whether a file is Keras' or TensorFlow's. What cannot be opened is left to the reader, whose message names it.</summary>
    private static bool IsOfKeras(string path)
    {
        if (!File.Exists(path))
        {
            return Directory.Exists(path);
        }

        using FileStream file = File.OpenRead(path);
        byte[] beginning = new byte[FileFormat.BeginningLength];
        int length = file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        FileFormat? format = FileFormat.Detect(beginning.AsSpan(0, length));
        return format == FileFormat.Hdf5 || format == FileFormat.Keras || format == FileFormat.SavedModel;
    }
}
