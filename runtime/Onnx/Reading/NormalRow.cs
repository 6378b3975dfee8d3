using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>
/// A row of the table in <c>NORMAL-FORM.md</c>: what nodes have once a rule has made them. What stands in brackets is left out at times;
/// all else is there.
/// </summary>
/// <param name="Operators">The operators.</param>
/// <param name="Inputs">Their inputs.</param>
/// <param name="Attributes">Their attributes, with what the values may be in parentheses.</param>
/// <param name="Note">What else holds.</param>
internal sealed record NormalRow(string Operators, string Inputs, string Attributes = "", string Note = "")
{
    /// <summary>Words as the page lists them.</summary>
    public static string Listed(params IEnumerable<string> words) => string.Join(", ", words.Select(word => $"`{word}`"));
}
