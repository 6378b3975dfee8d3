using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Onnx;

namespace Strata.Tool;

/// <summary><c>strata import model.onnx --output Models/</c>.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> Model = new("model") { Description = "The ONNX file." };

    private static readonly Option<string?> Name = new("--name") { Description = "The class's name; by default the file's." };

    private static readonly Option<string?> Namespace = new("--namespace") { Description = "The class's namespace; none by default." };

    private static readonly Option<string[]> Inputs = new("--input")
    {
        Description = "The shape of an input without the batch, if the file leaves it open: 3,224,224 or name=3,224,224. May be repeated. "
            + "All extents of the file's input say that it has no batch.",
    };

    private static readonly Option<string[]> Until = new("--until")
    {
        Description = "The tensors at which the network ends; by default the file's outputs.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Loss = new("--loss")
    {
        Description = "A loss such as CrossEntropy, with which the class can be trained; none by default.",
    };

    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "The folder of the class and its weights; by default this one.",
        DefaultValueFactory = _ => ".",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Replaces a class that was edited, weights that were changed, or the class of another file.",
    };

    /// <summary>For builds: what lists the files beside the model that hold its weights. If they change, it is imported again.</summary>
    private const string DataList = "data.list";

    /// <summary>For builds: the project whose item asks for the class, and that item. Errors stand there.</summary>
    private static readonly Option<string?> Project = new("--project") { Hidden = true }, Item = new("--item") { Hidden = true };

    public static Command Create()
    {
        Inputs.Validators.Add(CheckInputs);
        return new Command("import", "Turns an ONNX file into a C# class and its weights.")
        {
            Model, Name, Namespace, Inputs, Until, Loss, Output, Force, Project, Item,
        }.Does(Run);
    }

    private static void Run(ParseResult parsed)
    {
        string model = parsed.GetRequiredValue(Model), folder = parsed.GetValue(Output)!;
        var options = new OnnxImportOptions
        {
            Name = parsed.GetValue(Name),
            Namespace = parsed.GetValue(Namespace),
            Inputs = (parsed.GetValue(Inputs) ?? []).Select(Parse).ToDictionary(input => input.Name, input => input.Shape!),
            Until = parsed.GetValue(Until) ?? [],
            Loss = parsed.GetValue(Loss),
        };

        if (parsed.GetValue(Project) is { } project)
        {
            ItemPlace.Report(project, parsed.GetValue(Item) ?? model, () =>
            {
                ImportedNetwork network = Import(model, options, _ => SourcesBeside(folder));
                network.Save(folder, force: true);
                File.WriteAllLines(Path.Combine(folder, DataList), network.DataFiles);
                return network.Warnings;
            });
            return;
        }

        if (!File.Exists(model))
        {
            throw new ToolException($"There is no file '{model}'.");
        }

        ImportedNetwork imported = Import(model, options, name => SourcesIn(folder).Where(path => Path.GetFileName(path) != name + ".cs"));
        imported.Save(folder, parsed.GetValue(Force));
        foreach (string warning in imported.Warnings)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"warning: {warning}");
        }

        parsed.InvocationConfiguration.Output.WriteLine(Path.Combine(folder, imported.Name + ".cs"));
        parsed.InvocationConfiguration.Output.WriteLine(Path.Combine(folder, imported.Name + ".safetensors"));
    }

    /// <summary>Imports a file. The blocks of other networks keep their names.</summary>
    /// <param name="model">The file.</param>
    /// <param name="options">How it is imported.</param>
    /// <param name="othersOf">The sources of other networks for a class's name.</param>
    private static ImportedNetwork Import(string model, OnnxImportOptions options, Func<string, IEnumerable<string>> othersOf)
    {
        ImportedNetwork imported = OnnxFile.Import(model, options);
        string[] taken = [.. FolderClasses.Find(othersOf(imported.Name), options.Namespace)];
        return taken.Length == 0 ? imported : OnnxFile.Import(model, options with { TakenNames = taken });
    }

    private static IEnumerable<string> SourcesIn(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.cs") : [];

    /// <summary>In a build, each network has a folder.</summary>
    private static IEnumerable<string> SourcesBeside(string folder)
    {
        string own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Directory.EnumerateDirectories(Path.GetDirectoryName(own)!).Where(other => other != own).SelectMany(SourcesIn);
    }

    private static void CheckInputs(OptionResult result)
    {
        HashSet<string> names = [];
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            (string name, IReadOnlyList<int>? shape) = Parse(text);
            if (shape is null)
            {
                result.AddError($"'{text}' is no shape: write 3,224,224 or name=3,224,224.");
            }
            else if (!names.Add(name))
            {
                result.AddError(name.Length > 0 ? $"Input '{name}' has two shapes." : "Several inputs need names: name=3,224,224.");
            }
        }
    }

    /// <summary>The name of an input, which may be empty, and its shape; null if the text has none.</summary>
    private static (string Name, IReadOnlyList<int>? Shape) Parse(string text)
    {
        int equals = text.LastIndexOf('=');
        int[] shape = [.. text[(equals + 1)..].Split(',', 'x').Select(
            extent => int.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return (text[..int.Max(equals, 0)], shape.Length is > 0 and < 5 && shape.All(extent => extent > 0) ? shape : null);
    }
}
