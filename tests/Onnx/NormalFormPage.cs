using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Onnx.Model;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>The table of NORMAL-FORM.md: the operators of normal form and their attributes.</summary>
internal static partial class NormalFormPage
{
    private static readonly Dictionary<string, HashSet<string>> Attributes = Read();

    /// <summary>Checks that a node's operator has a row, and that the row has each of the node's attributes.</summary>
    public static void Check(OnnxNode node)
    {
        Assert.True(
            Attributes.TryGetValue(node.Operator, out HashSet<string>? attributes), $"NORMAL-FORM.md has no row for {node.Operator}.");
        Assert.All(node.Attributes.Keys, attribute =>
            Assert.True(attributes.Contains(attribute), $"NORMAL-FORM.md has no attribute {attribute} of {node.Operator}."));
    }

    private static Dictionary<string, HashSet<string>> Read()
    {
        string page = File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", "runtime", "Onnx", "Model", "NORMAL-FORM.md"));
        var attributes = new Dictionary<string, HashSet<string>>();
        HashSet<string> before = [];
        foreach (string[] cells in page.ReplaceLineEndings("\n").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|')))
        {
            HashSet<string> own = [.. Words().Matches(cells[3]).Select(match => match.Groups[1].Value)];
            if (cells[3].Contains("the same", StringComparison.Ordinal))
            {
                own.UnionWith(before);
            }

            foreach (Match match in Words().Matches(cells[1]))
            {
                attributes.Add(match.Groups[1].Value, own);
            }

            before = own;
        }

        return attributes;
    }

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Words();
}
