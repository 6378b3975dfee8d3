using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using Strata.Onnx;

namespace Strata.Tool;

/// <summary><c>strata import model.onnx --output Models/</c>.</summary>
internal static class ImportCommand
{
    private static readonly Option<string?> Name = new("--name") { Description = "The class's name; by default the file's." };

    private static readonly Option<string?> Namespace = new("--namespace") { Description = "The class's namespace; none by default." };

    private static readonly Option<string?> Loss = new("--loss")
    {
        Description = "A loss such as CrossEntropy, with which the class can be trained; none by default.",
    };

    private static readonly Option<string[]> Sizes = new("--sizes")
    {
        Description = "Sizes of an input that the file leaves open, without channels: 48x160,48x320. An axis may be a range, from:to:step.",
        AllowMultipleArgumentsPerToken = true,
        Validators = { CheckSizes },
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

    public static Command Create() => new Command("import", "Turns an ONNX file into a C# class and its weights.")
    {
        ModelArguments.Model, Name, Namespace, ModelArguments.Inputs, ModelArguments.Constants, Sizes, ModelArguments.Until, Loss, Output,
        Force, Project, Item,
    }.Does(Run);

    private static void Run(ParseResult parsed)
    {
        string model = parsed.GetRequiredValue(ModelArguments.Model), folder = parsed.GetValue(Output)!;
        OnnxImportOptions options = ModelArguments.Read(parsed) with
        {
            Name = parsed.GetValue(Name),
            Namespace = parsed.GetValue(Namespace),
            Loss = parsed.GetValue(Loss),
            Sizes = [.. (parsed.GetValue(Sizes) ?? []).SelectMany(text => SizeList.Parse(text)!)],
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

        ImportedNetwork imported = Import(
            ModelArguments.PathOf(parsed), options, name => SourcesIn(folder).Where(path => Path.GetFileName(path) != name + ".cs"));
        imported.Save(folder, parsed.GetValue(Force));
        foreach (string warning in imported.Warnings)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"warning: {warning}");
        }

        parsed.InvocationConfiguration.Output.WriteLine(Path.Combine(folder, imported.Name + ".cs"));
        parsed.InvocationConfiguration.Output.WriteLine(Path.Combine(folder, imported.Name + ".safetensors"));
    }

    private static void CheckSizes(OptionResult result)
    {
        foreach (string text in result.Tokens.Select(token => token.Value).Where(text => SizeList.Parse(text) is null))
        {
            result.AddError(
                $"'{text}' is no list of sizes: write 48x160,48x320 or, with from:to:step along an axis, 48x160:640:80.");
        }
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
}
