using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>What a file is at one size of its input, so that it can be compared with what it is at another.</summary>
internal sealed class SizedText
{
    private const string Function = "function";

    private readonly IReadOnlyList<(string What, string Text)> _attributes;
    private readonly ParameterDigests _parameters;

    /// <param name="graph">The file's layers at this size.</param>
    /// <param name="name">The class.</param>
    public SizedText(LayerGraph graph, string name)
    {
        var text = NetworkText.WithoutBlocks(ConcatChains.In(graph), name);
        _attributes =
        [
            .. text.Items.Where(item => item is not InputItem).Select((item, index) => (
                item is UnitItem unit ? $"layer '{unit.Name}'" : $"attribute {Numerals.Format(index + 1)} behind the input",
                string.Join(' ', StackPrinter.Print([item], text.Names))[1..^1])),
            .. graph.Functions.Select(function => ($"{Function} {function.Kind}", function.Statements)),
        ];
        _parameters = new ParameterDigests(text.Keys);
    }

    /// <summary>What differs, where all but the input must be equal: a sentence. Null if nothing does.</summary>
    /// <param name="here">This size, as messages write it.</param>
    /// <param name="other">The file at another size.</param>
    /// <param name="there">That size.</param>
    public string? Difference(string here, SizedText other, string there)
    {
        int same = _attributes.Zip(other._attributes).TakeWhile(pair => pair.First.Text == pair.Second.Text).Count();
        if (same < int.Max(_attributes.Count, other._attributes.Count))
        {
            string what = (same < _attributes.Count ? _attributes : other._attributes)[same].What;
            return $"its {what} is {At(same)} at {here}, and {other.At(same)} at {there}.";
        }

        return _parameters.FirstDifference(other._parameters) is { } key
            ? $"the file computes the parameter '{key}' from the size of its input: it differs between {here} and {there}." : null;
    }

    private string At(int index) => index < _attributes.Count ? _attributes[index].Text : "missing";
}
