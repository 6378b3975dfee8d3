using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Finds the module of each layer. Joins, activations and pooling without a name follow the layers around them.</summary>
internal sealed class ModuleOf
{
    /// <summary>How many layers without names are passed on the way to the next name.</summary>
    private const int MostSteps = 8;

    private readonly Dictionary<LayerTensor, string> _modules = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<LayerTensor, BranchGroup> _groups;

    private ModuleOf(Dictionary<LayerTensor, BranchGroup> groups) => _groups = groups;

    /// <summary>The modules by the outputs of units.</summary>
    public static IReadOnlyDictionary<LayerTensor, string> All(UnitGraph graph)
    {
        Dictionary<LayerTensor, BranchGroup> groups = BranchGroup.FindNested(graph);
        var modules = new ModuleOf(groups);
        foreach (LayerTensor tensor in graph.Order)
        {
            if (graph.Makers.TryGetValue(tensor, out Unit? unit))
            {
                modules._modules.Add(tensor, modules.PathOf(unit, graph));
            }
        }

        foreach (BranchGroup group in groups.Values)
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

    /// <summary>Whether a layer is in the module of the layers around it, as nothing says where it is.</summary>
    private static bool IsFollower(Unit unit) =>
        unit.Wanted.Length == 0 && unit.Path.Length == 0 && !unit.IsJoin && !LayerWords.IsActivation(unit.Kind);

    private static string Parent(string path) => path.LastIndexOf('.') is >= 0 and var dot ? path[..dot] : "";

    private string PathOf(Unit unit, UnitGraph graph)
    {
        if (unit.Wanted.Length > 0)
        {
            return Parent(unit.Wanted);
        }

        if (unit.IsJoin)
        {
            return OfJoin(unit);
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
        Unit? next = graph.ReaderOf(unit.Output);
        if (next is null)
        {
            return graph.Makers.TryGetValue(unit.Inputs[0], out Unit? maker) && IsFollower(maker) ? before : Parent(before);
        }

        for (int steps = 0; next is { Wanted.Length: 0 } && steps < MostSteps; steps++)
        {
            next = graph.ReaderOf(next.Output);
        }

        return next is null ? "" : Common(before, Parent(next.Wanted));
    }

    /// <summary>A join is in the module that holds all layers of its branches, or all tensors that it reads.</summary>
    private string OfJoin(Unit join)
    {
        IEnumerable<LayerTensor> read = _groups.TryGetValue(join.Output, out BranchGroup? group)
            ? group.Branches.SelectMany(branch => branch).Where(unit => unit.Wanted.Length > 0 || unit.IsJoin || unit is WholeUnit)
                .Select(unit => unit.Output)
            : join.Inputs;
        string[] modules = [.. read.Select(tensor => _modules.GetValueOrDefault(tensor, ""))];
        return modules.Length == 0 ? "" : modules.Aggregate(Common);
    }

    /// <summary>What has no name in a branch is where the group is, if the layers behind it are there.</summary>
    private void Enclose(BranchGroup group)
    {
        string module = _modules[group.Join.Output];
        foreach (Unit unit in group.Branches.SelectMany(branch => branch).Where(unit => unit is not WholeUnit))
        {
            string own = _modules[unit.Output];
            if (unit.Wanted.Length == 0 && own.Length < module.Length && module.StartsWith(own, StringComparison.Ordinal))
            {
                _modules[unit.Output] = module;
            }
        }
    }
}
