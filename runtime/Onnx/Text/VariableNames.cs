using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Layers;
using Variable = Strata.Onnx.Text.BlockArguments.Variable;

namespace Strata.Onnx.Text;

/// <summary>Names the parameters of a block after what they are for.</summary>
internal static class VariableNames
{
    /// <param name="variables">The parameters.</param>
    /// <param name="units">The block's units.</param>
    /// <param name="output">What is read of them.</param>
    public static void Give(IReadOnlyList<Variable> variables, IReadOnlyList<Unit> units, LayerTensor output)
    {
        IReadOnlyDictionary<int, string> inBranches = InBranches(units, output);
        foreach (Variable variable in variables)
        {
            string? branch = variable.Places.Select(place => inBranches.GetValueOrDefault(place.Unit))
                .FirstOrDefault(name => name is not null);
            variable.Name = variable.IsChannels && branch is not null ? branch : "";
        }

        Variable[] channels = [.. variables.Where(variable => variable is { IsChannels: true, Name: "", Formula: null })];
        if (channels.Length is 2 or 3)
        {
            // A depthwise convolution in front has as many filters as inputs.
            bool isDepthwise = channels[0].Places.Exists(place => units[place.Unit].Slots[place.Place].Name is "Groups" or "groups");
            bool isFirst = units.Take(channels[0].Places[0].Unit).All(unit => unit is LayerUnit && unit.Stem != "conv");
            bool areInputs = isDepthwise && isFirst && !Widens(channels[0], units);
            (channels[0].Name, channels[^1].Name) = (areInputs ? "Inputs" : "Hidden", "Filters");
            if (channels.Length == 3)
            {
                channels[1].Name = isDepthwise ? "Squeeze" : "Middle";
            }
        }

        foreach (IGrouping<string, Variable> group in variables.Where(variable => variable is { Name: "", Formula: null })
            .GroupBy(variable => Pascal(variable.IsChannels && variable.Role is not ("units" or "inputs") ? "filters" : variable.Role)))
        {
            int number = 0;
            foreach (Variable variable in group)
            {
                number++;
                variable.Name = group.Count() == 1 ? group.Key : group.Key + number.ToString(CultureInfo.InvariantCulture);
            }
        }

        MakeDistinct(variables);
    }

    /// <summary>The filters of branches that are concatenated: at the end of the second they are branch2, before that reduce2.</summary>
    private static Dictionary<int, string> InBranches(IReadOnlyList<Unit> units, LayerTensor output)
    {
        var names = new Dictionary<int, string>();
        if (new UnitGraph(units, [], [output]).Groups.Values.ToArray() is [{ Join.Kind: "Concat", Branches: { Count: > 2 } branches }])
        {
            for (int i = 0; i < branches.Count; i++)
            {
                Unit[] filtered = [.. branches[i].Where(unit => unit.Stem == "conv" || unit is BlockUnit)];
                for (int j = 0; j < filtered.Length; j++)
                {
                    string which = j == filtered.Length - 1 ? "Branch" : j == filtered.Length - 2 ? "Reduce" : $"Inner{j + 1}_";
                    names[units.IndexOf(filtered[j])] = which + (i + 1).ToString(CultureInfo.InvariantCulture);
                }
            }
        }

        return names;
    }

    /// <summary>Whether a variable is first the number of filters of a convolution that is not depthwise.</summary>
    private static bool Widens(Variable variable, IReadOnlyList<Unit> units) =>
        units[variable.Places[0].Unit].Slots.All(slot => slot.Name is not ("Groups" or "groups") || slot.Literal is null);

    private static int IndexOf(this IReadOnlyList<Unit> units, Unit unit)
    {
        for (int i = 0; i < units.Count; i++)
        {
            if (units[i] == unit)
            {
                return i;
            }
        }

        return -1;
    }

    private static void MakeDistinct(IReadOnlyList<Variable> variables)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "Stem" };
        foreach (Variable variable in variables.Where(variable => variable.Formula is null))
        {
            string name = variable.Name;
            for (int i = 2; !taken.Add(variable.Name); i++)
            {
                variable.Name = name + i.ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    private static string Pascal(string role) => char.ToUpperInvariant(role[0]) + role[1..].TrimStart('@');
}
