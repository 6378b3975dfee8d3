using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>The comment of a network's class.</summary>
internal static class ClassComment
{
    /// <summary>Appends the comment: where the network comes from, its size, and what was changed.</summary>
    public static void Append(
        StringBuilder text, string name, LayerGraph graph, IEnumerable<(string Key, LayerParameter Parameter)> parameters,
        IReadOnlyList<string> warnings)
    {
        long count = parameters.Select(one => one.Parameter)
            .Where(parameter => parameter.Suffix is not ("running_mean" or "running_var"))
            .Sum(parameter => parameter.Shape.Aggregate(1L, (product, extent) => product * extent));
        string[] sentences = [$"{name}, from an ONNX file. {Numerals.Thousands(count)} parameters.", .. graph.Notes, .. warnings];
        foreach (string line in Wrapped(["<summary>", .. Words(string.Join(' ', sentences)), "</summary>"]))
        {
            text.Append(line).Append('\n');
        }
    }

    /// <summary>Words as XML has them. Names in a file may have letters that XML does not have.</summary>
    private static IEnumerable<string> Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(word => string.Concat(word.Select(letter => System.Xml.XmlConvert.IsXmlChar(letter) ? letter : '?'))
            .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal));

    /// <summary>One line if it fits; otherwise the tags have lines of their own.</summary>
    private static IEnumerable<string> Wrapped(IReadOnlyList<string> words)
    {
        string single = "/// " + words[0] + string.Join(' ', words.Skip(1).SkipLast(1)) + words[^1];
        if (single.Length <= StackPrinter.LineLength)
        {
            yield return single;
            yield break;
        }

        yield return "/// " + words[0];
        var line = new StringBuilder("///");
        foreach (string word in words.Skip(1).SkipLast(1))
        {
            if (line.Length + 1 + word.Length > StackPrinter.LineLength && line.Length > 3)
            {
                yield return line.ToString();
                line.Clear().Append("///");
            }

            line.Append(' ').Append(word);
        }

        yield return line.ToString();
        yield return "/// " + words[^1];
    }
}
