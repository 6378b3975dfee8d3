using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Finds the module of each layer. Joins, activations and pooling without a name follow the layers around them.</summary>
internal sealed class ModuleOf
{
    private readonly Dictionary<LayerTensor, string> _modules = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<LayerTensor, Unit> _makers;

    private ModuleOf(Dictionary<LayerTensor, Unit> makers) => _makers = makers;

    /// <summary>The modules by the outputs of units.</summary>
    public static IReadOnlyDictionary<LayerTensor, string> All(UnitGraph graph)
    {
        var modules = new ModuleOf(graph.Makers);
        foreach (LayerTensor tensor in graph.Order)
        {
            if (graph.Makers.TryGetValue(tensor, out Unit? unit))
            {
                modules._modules.Add(tensor, modules.Of(unit, graph));
            }
        }

        foreach (BranchGroup group in graph.Groups.Values)
        {
            modules.Enclose(group);
        }

        return modules._modules;
    }

    /// <summary>The part of two modules' paths that is the same.</summary>
    public static string Common(string one, string other)
    {
        string[] left = one.Split('.'), right = other.Split('.');
        int same = 0;
        while (same < left.Length && same < right.Length && left[same] == right[same])
        {
            same++;
        }

        return string.Join('.', left.Take(same));
    }

    private static string Parent(string path) => path.LastIndexOf('.') is >= 0 and var dot ? path[..dot] : "";

    private string Of(Unit unit, UnitGraph graph)
    {
        if (unit.Wanted.Length > 0)
        {
            return Parent(unit.Wanted);
        }

        if (unit.IsJoin)
        {
            return OfJoin(unit, graph);
        }

        if (LayerNames.Valid(unit.Path) is { } path)
        {
            return Parent(path);
        }

        string before = _modules.GetValueOrDefault(unit.Inputs[0], "");
        if (LayerWords.IsActivation(unit.Kind))
        {
            return before;
        }

        // Pooling between two modules is in the one that holds both.
        return graph.ReaderOf(unit.Output) is { Wanted.Length: > 0 } next ? Common(before, Parent(next.Wanted)) : Parent(before);
    }

    /// <summary>A join is where all its branches are that are not the identity.</summary>
    private string OfJoin(Unit join, UnitGraph graph)
    {
        IEnumerable<LayerTensor> ends = graph.Groups.TryGetValue(join.Output, out BranchGroup? group)
            ? group.Branches.Where(branch => branch.Count > 0).Select(branch => branch[^1].Output)
            : join.Inputs.Where(input => graph.Readers[input] == 1);
        string[] modules = [.. ends.Where(_makers.ContainsKey).Select(end => _modules.GetValueOrDefault(end, ""))];
        return modules.Length == 0 ? "" : modules.Aggregate(Common);
    }

    /// <summary>What has no name in a branch is where the group is, if the layers behind it are there.</summary>
    private void Enclose(BranchGroup group)
    {
        string module = _modules[group.Join.Output];
        foreach (Unit unit in group.Branches.SelectMany(branch => branch))
        {
            string own = _modules[unit.Output];
            if (unit.Wanted.Length == 0 && own.Length < module.Length && module.StartsWith(own, StringComparison.Ordinal))
            {
                _modules[unit.Output] = module;
            }
        }
    }
}
