using System.CommandLine;
using System.IO;
using Strata.Weights;

namespace Strata.Tool;

/// <summary><c>strata convert model.pth model.safetensors</c>.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var weights = new Argument<string>("weights") { Description = "Weights that PyTorch has saved, a .pth or .pt file." };
        var output = new Argument<string?>("output")
        {
            Description = "The safetensors file; by default the weights' name with .safetensors.",
            DefaultValueFactory = _ => null,
        };
        return new Command("convert", "Writes the weights of a PyTorch file as a safetensors file.") { weights, output }.Does(parsed =>
        {
            string source = parsed.GetRequiredValue(weights);
            string target = parsed.GetValue(output) ?? Path.ChangeExtension(source, ".safetensors");
            PyTorchWeights.ConvertToSafetensors(source, target);
            parsed.InvocationConfiguration.Output.WriteLine(Path.GetFullPath(target));
        });
    }
}
