using System.Collections.Generic;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Branches that all begin at one tensor, and the join that ends them.</summary>
/// <param name="Start">Where they begin.</param>
/// <param name="Branches">The units of each branch; none for the identity.</param>
/// <param name="Join">What joins them.</param>
internal sealed record BranchGroup(LayerTensor Start, IReadOnlyList<IReadOnlyList<Unit>> Branches, Unit Join)
{
    /// <summary>The groups of a scope, by the outputs of their joins.</summary>
    /// <param name="order">The tensors in order.</param>
    /// <param name="makers">What makes each tensor.</param>
    /// <param name="readers">How many units read it, and how many outputs it is.</param>
    public static Dictionary<LayerTensor, BranchGroup> Find(
        IEnumerable<LayerTensor> order, IReadOnlyDictionary<LayerTensor, Unit> makers, IReadOnlyDictionary<LayerTensor, int> readers)
    {
        var groups = new Dictionary<LayerTensor, BranchGroup>(ReferenceEqualityComparer.Instance);
        foreach (LayerTensor tensor in order)
        {
            if (makers.TryGetValue(tensor, out Unit? unit) && unit.IsJoin)
            {
                List<LayerTensor> inner = [];
                if (EndingAt(unit, makers, readers, inner) is { } group)
                {
                    groups.Add(tensor, group);
                }
                else
                {
                    // Where the outer join has to name its tensors, a group inside would only hide half of the picture.
                    inner.ForEach(end => groups.Remove(end));
                }
            }
        }

        return groups;
    }

    /// <summary>All groups, also those inside of others. In those, a <see cref="WholeUnit"/> stands for the groups inside.</summary>
    public static Dictionary<LayerTensor, BranchGroup> FindNested(UnitGraph graph)
    {
        var groups = new Dictionary<LayerTensor, BranchGroup>(ReferenceEqualityComparer.Instance);
        var makers = new Dictionary<LayerTensor, Unit>(graph.Makers, ReferenceEqualityComparer.Instance);
        var readers = new Dictionary<LayerTensor, int>(graph.Readers, ReferenceEqualityComparer.Instance);
        foreach (Unit join in graph.Units)
        {
            if (join.IsJoin && EndingAt(join, makers, readers, []) is { } group)
            {
                groups.Add(join.Output, group);
                makers[join.Output] = new WholeUnit(group.Start, join.Output, null);
                readers[group.Start] -= group.Branches.Count - 1;
            }
        }

        return groups;
    }

    /// <summary>The group that a join ends. Null if its tensors do not come from one tensor on ways of their own.</summary>
    public static BranchGroup? EndingAt(
        Unit join, IReadOnlyDictionary<LayerTensor, Unit> makers, IReadOnlyDictionary<LayerTensor, int> readers, List<LayerTensor> inner)
    {
        var branches = new List<IReadOnlyList<Unit>>();
        LayerTensor? start = null;
        bool isGroup = true;
        foreach (LayerTensor end in join.Inputs)
        {
            var branch = new List<Unit>();
            LayerTensor tensor = end;
            while (readers[tensor] == 1 && makers.TryGetValue(tensor, out Unit? unit))
            {
                if (unit.Inputs.Count > 1)
                {
                    inner.Add(tensor);
                    break;
                }

                branch.Add(unit);
                tensor = unit.Inputs[0];
            }

            isGroup &= start is null || start == tensor;
            start ??= tensor;
            branch.Reverse();
            branches.Add(branch);
        }

        return isGroup && start is not null ? new BranchGroup(start, branches, join) : null;
    }
}
