using System.CommandLine;
using System.IO;
using Strata.Onnx;

namespace Strata.Tool;

/// <summary><c>strata describe model.onnx</c>, <c>strata describe App.dll App.Models.Flowers</c>.</summary>
internal static class DescribeCommand
{
    private static readonly Argument<string> File = new("file")
    {
        Description = "An ONNX file, or an app's assembly such as bin/Release/net10.0/App.dll.",
    };

    private static readonly Argument<string?> Class = new("class")
    {
        Description = "The network's class in an assembly, with its namespace. It may be left out if the assembly has one network.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create() => new Command(
        "describe", "Shows the layers of a network with their shapes, parameters, multiply-adds and bytes, and the sums.")
    {
        File, Class, ModelArguments.Inputs, ModelArguments.Constants, ModelArguments.Until,
    }.Does(Run);

    private static void Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(File);
        TextWriter writer = parsed.InvocationConfiguration.Output;
        string? name = parsed.GetValue(Class);
        if (Path.GetExtension(path).ToLowerInvariant() is ".dll" or ".exe")
        {
            OnnxImportOptions given = ModelArguments.Read(parsed);
            if (given.Inputs.Count + given.Constants.Count + given.Until.Count > 0)
            {
                throw new ToolException("--input, --constant and --until are for ONNX files: a class has its inputs and outputs.");
            }

            using var app = new AppAssembly(path);
            writer.Write(app.Describe(name));
            return;
        }

        if (name is not null)
        {
            throw new ToolException($"'{path}' is no .dll, so there is no class '{name}' in it. Name the ONNX file alone.");
        }

        if (!System.IO.File.Exists(path))
        {
            throw new ToolException($"There is no file '{path}'.");
        }

        using CompiledNetwork network = OnnxFile.Load(path, ModelArguments.Read(parsed), new NetworkOptions { Threads = 1 });
        writer.Write(network.Summary());
    }
}
