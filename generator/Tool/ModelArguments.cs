using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Onnx;

namespace Strata.Tool;

/// <summary>An ONNX file on the command line, and what it leaves open.</summary>
internal static class ModelArguments
{
    public static readonly Argument<string> Model = new("model") { Description = "The ONNX file." };

    public static readonly Option<string[]> Until = new("--until")
    {
        Description = "The tensors at which the network ends; by default the file's outputs.",
        AllowMultipleArgumentsPerToken = true,
    };

    public static readonly Option<string[]> Inputs = new("--input")
    {
        Description = "The shape of an input without the batch, if the file leaves it open: 3,224,224 or name=3,224,224. May be repeated. "
            + "All extents of the file's input say that it has no batch.",
        Validators = { CheckInputs },
    };

    public static readonly Option<string[]> Constants = new("--constant")
    {
        Description = "A number that an input always has: sample_rate=16000. The network has no such input. May be repeated.",
        Validators = { CheckConstants },
    };

    /// <summary>The shapes and numbers of inputs, and where the network ends.</summary>
    public static OnnxImportOptions Read(ParseResult parsed) => new()
    {
        Constants = (parsed.GetValue(Constants) ?? []).ToDictionary(text => text[..text.LastIndexOf('=')], text => NumberOf(text)!.Value),
        Inputs = (parsed.GetValue(Inputs) ?? []).Select(Parse).ToDictionary(input => input.Name, input => input.Shape!),
        Until = parsed.GetValue(Until) ?? [],
    };

    /// <summary>The file, which must exist.</summary>
    public static string PathOf(ParseResult parsed) => parsed.GetRequiredValue(Model) is var model && File.Exists(model) ? model
        : throw new ToolException($"There is no file '{model}'.");

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

    private static void CheckConstants(OptionResult result)
    {
        HashSet<string> names = [];
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            if (NumberOf(text) is null)
            {
                result.AddError($"'{text}' is no number of an input: write name=16000.");
            }
            else if (!names.Add(text[..text.LastIndexOf('=')]))
            {
                result.AddError($"Input '{text[..text.LastIndexOf('=')]}' has two numbers.");
            }
        }
    }

    /// <summary>The number behind a name; null if the text has none.</summary>
    private static double? NumberOf(string text) => text.LastIndexOf('=') is > 0 and var equals
        && double.TryParse(text[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number) ? number : null;

    /// <summary>The name of an input, which may be empty, and its shape; null if the text has none.</summary>
    private static (string Name, IReadOnlyList<int>? Shape) Parse(string text)
    {
        int equals = text.LastIndexOf('=');
        int[] shape = [.. text[(equals + 1)..].Split(',', 'x').Select(
            extent => int.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return (text[..int.Max(equals, 0)], shape.Length is > 0 and < 5 && shape.All(extent => extent > 0) ? shape : null);
    }
}
