using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Onnx.Saving;

/// <summary>The arguments of a layer, out of what <see cref="LayerInfo.Arguments"/> says: <c>64, 3, Stride = 2</c>.</summary>
internal sealed class LayerArguments
{
    private readonly List<string> _positional = [];
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);

    public LayerArguments(string text)
    {
        foreach (string argument in Split(text))
        {
            int equals = argument.StartsWith('"') ? -1 : argument.IndexOf(" = ", StringComparison.Ordinal);
            if (equals < 0)
            {
                _positional.Add(argument);
            }
            else
            {
                _named.Add(argument[..equals], argument[(equals + 3)..]);
            }
        }
    }

    /// <summary>The arguments without a name.</summary>
    public IReadOnlyList<string> Positional => _positional;

    /// <summary>What stands under the first of these names that is there; a name that is a number is a position.</summary>
    public string? Text(params string[] names) => names.Select(Find).FirstOrDefault(value => value is not null);

    public int Integer(int absent, params string[] names) =>
        Text(names) is string text ? int.Parse(text, CultureInfo.InvariantCulture) : absent;

    public double Number(double absent, params string[] names) =>
        Text(names) is string text ? double.Parse(text, CultureInfo.InvariantCulture) : absent;

    /// <summary>The numbers of a list.</summary>
    public IReadOnlyList<double> Numbers(string name) => Text(name) is string text
        ? [.. Split(text.Trim('[', ']')).Select(number => double.Parse(number, CultureInfo.InvariantCulture))] : [];

    public bool Truth(bool absent, string name) => Text(name) is string text ? text == "true" : absent;

    /// <summary>The value of an enum without its type: <c>Same</c> of <c>AutoPad.Same</c>.</summary>
    public string Choice(string absent, params string[] names) => Text(names) is string text ? text[(text.LastIndexOf('.') + 1)..] : absent;

    private string? Find(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int position)
            ? position < _positional.Count ? _positional[position] : null
            : _named.GetValueOrDefault(name);

    /// <summary>At commas that stand neither in a list nor in a text.</summary>
    private static IEnumerable<string> Split(string text)
    {
        int start = 0, depth = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            quoted ^= text[i] == '"';
            depth += quoted ? 0 : text[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0 && !quoted)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..].Trim();
        }
    }
}
