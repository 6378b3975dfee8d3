using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Onnx.Model;
using Strata.Onnx.Reading;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>What NORMAL-FORM.md says of the nodes of normal form, by the rows that stand beside the reader's rules.</summary>
internal static partial class NormalFormPage
{
    private static readonly Dictionary<string, NormalRow> Rows = new(
        Rules.Rows.SelectMany(row => Words(row.Operators), (row, name) => KeyValuePair.Create(name, row)));

    /// <summary>Checks that a node's operator has a row, and that the node has what the row says, and nothing else.</summary>
    public static void Check(OnnxNode node)
    {
        Assert.True(Rows.TryGetValue(node.Operator, out NormalRow? row), $"No row of NORMAL-FORM.md has {node.Operator}.");
        string attributes = Notes().Replace(row.Attributes, "");
        Assert.Empty(node.Attributes.Keys.Except(Words(attributes)));
        Assert.Empty(Words(Optional().Replace(attributes, "")).Except(node.Attributes.Keys));
        string[] inputs = Notes().Replace(row.Inputs, "").Split(", ");
        int most = inputs.Contains("…") ? int.MaxValue : inputs.Length;
        Assert.InRange(node.Inputs.Count, inputs.Count(input => input is not "…" and not ['[', ..]), most);
    }

    /// <summary>The operators of all rows.</summary>
    public static IEnumerable<string> Operators => Rows.Keys;

    private static IEnumerable<string> Words(string text) => Quoted().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@" \([^)]*\)")]
    private static partial Regex Notes();

    [GeneratedRegex(@"\[[^]]*\]")]
    private static partial Regex Optional();
}
