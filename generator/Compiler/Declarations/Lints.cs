using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Declarations;

/// <summary>The warnings for a valid network: layers that work against each other.</summary>
internal sealed class Lints
{
    private readonly IReadOnlyList<Node> _nodes;
    private readonly IReadOnlyList<LayerSource> _sources;
    private readonly ProblemLog _problems;
    private readonly List<int>[] _readers;

    private Lints(IReadOnlyList<Node> nodes, IReadOnlyList<LayerSource> sources, ProblemLog problems)
    {
        (_nodes, _sources, _problems) = (nodes, sources, problems);
        _readers = nodes.Select(_ => new List<int>()).ToArray();
        foreach (Node node in nodes)
        {
            foreach (int input in node.Inputs)
            {
                _readers[input].Add(node.Index);
            }
        }
    }

    /// <param name="sources">What each node was made from.</param>
    public static void Check(
        IReadOnlyList<Node> nodes, IReadOnlyList<LayerSource> sources, EquatableArray<NetworkLoss> losses, ProblemLog problems)
    {
        var lints = new Lints(nodes, sources, problems);
        foreach (Node node in nodes.Where(node => node.Inputs.Count > 0))
        {
            Node before = nodes[node.Inputs[0]];
            lints.CheckBatchNorm(node, before);
            if (lints.IsActivation(node) && lints.IsActivation(before) && lints._readers[before.Index].Count == 1)
            {
                problems.AddOnce(LayerProblems.TwoActivations(lints.SubjectOf(node), lints.LabelOf(before), lints.CanRemove(node)));
            }

            if (node.Operation.GivesProbabilities)
            {
                lints.CheckSoftmax(node, losses);
            }
        }
    }

    /// <summary>Whether a layer is known to be an activation. An operator of a project may be any function, such as a scale.</summary>
    private bool IsActivation(Node node) => node.Operation.IsActivation && !_sources[node.Index].IsDeclared;

    private void CheckBatchNorm(Node node, Node before)
    {
        if (!node.Operation.NormalizesBatch)
        {
            return;
        }

        if (before.Operation.AddsBiasToChannels && _readers[before.Index].Count == 1)
        {
            _problems.AddOnce(LayerProblems.BiasBeforeBatchNorm(SubjectOf(before), LabelOf(node)));
        }

        // Skip layers that only pass values on.
        while (before.Operation.AsActivation is not null || before.Operation.IsView)
        {
            before = _nodes[before.Inputs[0]];
        }

        if (before.Operation.IsForTraining)
        {
            _problems.AddOnce(LayerProblems.DropoutBeforeBatchNorm(SubjectOf(before), LabelOf(node)));
        }
    }

    private void CheckSoftmax(Node node, EquatableArray<NetworkLoss> losses)
    {
        if (IsGate(node))
        {
            return;
        }

        if (_readers[node.Index].Select(reader => _nodes[reader])
            .FirstOrDefault(reader => reader.Operation.Parameters(node.Shape).Count > 0) is { } layer)
        {
            _problems.AddOnce(LayerProblems.SoftmaxInside(SubjectOf(node), LabelOf(layer), CanRemove(node)));
        }
        else if (losses.FirstOrDefault(
            loss => loss.Node == node.Index && !loss.Loss.IsFusedWith(node.Operation) && !WarnsItself(loss.Loss)) is { } loss)
        {
            _problems.AddOnce(LayerProblems.SoftmaxInside(SubjectOf(node), $"[{loss.Loss.Name}]", CanRemove(node)));
        }
    }

    /// <summary>
    /// Whether a node is used as a gate, as in attention or a mixture of experts: it, or something computed from it, is multiplied with a
    /// tensor that does not depend on it.
    /// </summary>
    private bool IsGate(Node node)
    {
        var depends = new bool[_nodes.Count];
        depends[node.Index] = true;
        for (int i = node.Index + 1; i < _nodes.Count; i++)
        {
            EquatableArray<int> inputs = _nodes[i].Inputs;
            depends[i] = inputs.Any(input => depends[input]);
            if (depends[i] && _nodes[i].Operation.MultipliesInputs && !inputs.All(input => depends[input]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a loss reports such a layer itself. A loss that contains an activation does.</summary>
    private static bool WarnsItself(Loss loss) => loss is ElementLoss { Activation: not null };

    /// <summary>Whether an edit can remove a layer. It cannot if other layers refer to its name.</summary>
    private bool CanRemove(Node node) =>
        !_sources[node.Index].IsNamed && !_readers[node.Index].Exists(reader => _sources[reader].NamesInputs);

    private Subject SubjectOf(Node node) => _sources[node.Index].Here;

    private string LabelOf(Node node) => _sources[node.Index].Label;
}
