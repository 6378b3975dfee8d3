using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>What uses of one block have in common: the kinds of layers, their connections and names, all arguments but numbers.</summary>
internal static class Signature
{
    /// <param name="units">The attributes of a region, in order.</param>
    /// <param name="prefix">What the names of the region begin with.</param>
    public static string Write(IReadOnlyList<Unit> units, string prefix)
    {
        var indices = new Dictionary<LayerTensor, int>(ReferenceEqualityComparer.Instance);
        string stem = StemOf(units, prefix);
        var text = new StringBuilder();
        for (int i = 0; i < units.Count; i++)
        {
            Unit unit = units[i];
            text.Append(unit.Kind);
            foreach (Slot slot in unit.Slots)
            {
                text.Append('|').Append(slot.Name).Append('=').Append(slot.Value is int or double or bool ? slot.Value.GetType().Name
                    : Numerals.Format(slot.Value));
            }

            foreach (LayerTensor input in unit.Inputs)
            {
                text.Append('<').Append(indices.GetValueOrDefault(input, -1));
            }

            text.Append(':').Append(NameIn(unit, prefix, stem)).Append('\n');
            indices.Add(unit.Output, i);
        }

        return text.ToString();
    }

    /// <summary>What all names of a region begin with behind its prefix; empty if there are too few to tell.</summary>
    public static string StemOf(IReadOnlyList<Unit> units, string prefix)
    {
        string[] names =
        [
            .. units.Where(unit => unit is not ShortcutUnit).Select(unit => unit.Wanted).Where(name => name.Length > 0)
                .Select(name => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : ""),
        ];
        if (names.Length < 2)
        {
            return "";
        }

        string stem = names.Aggregate((one, other) =>
            one[..one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count()]);
        return names.Contains(stem) ? "" : stem;
    }

    private static string NameIn(Unit unit, string prefix, string stem) => unit.Wanted.Length == 0 || unit is ShortcutUnit ? ""
        : unit.Wanted.StartsWith(prefix + stem, StringComparison.Ordinal) ? unit.Wanted[(prefix.Length + stem.Length)..]
        : "/" + unit.Wanted;
}
