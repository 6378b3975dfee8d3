using System.CommandLine;
using System.IO;

namespace Strata.Tool;

/// <summary><c>strata export App.dll App.Models.Flowers --weights flowers.safetensors</c>.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var app = new Argument<string>("app") { Description = "The app's assembly, such as bin/Release/net10.0/App.dll." };
        var type = new Argument<string>("class") { Description = "The network's class with its namespace, such as App.Models.Flowers." };
        var weights = new Option<string>("--weights") { Description = "The weights, a .safetensors file.", Required = true };
        var output = new Option<string?>("--output", "-o") { Description = "The ONNX file; by default the class's name with .onnx." };
        var opset = new Option<int>("--opset")
        {
            Description = "The version of ONNX's operators, from 13 to 23.",
            DefaultValueFactory = _ => 17,
        };
        var batch = new Option<int?>("--batch") { Description = "A fixed number of samples; by default, the file takes any number." };
        return new Command("export", "Writes a network of an app as an ONNX file.") { app, type, weights, output, opset,
            batch }.Does(parsed =>
        {
            string name = parsed.GetRequiredValue(type);
            string path = parsed.GetValue(output) ?? name[(name.LastIndexOf('.') + 1)..] + ".onnx";
            using (var loaded = new AppAssembly(parsed.GetRequiredValue(app)))
            {
                loaded.Export(name, parsed.GetRequiredValue(weights), path, parsed.GetValue(opset), parsed.GetValue(batch));
            }

            parsed.InvocationConfiguration.Output.WriteLine($"{Path.GetFullPath(path)}");
        });
    }
}
