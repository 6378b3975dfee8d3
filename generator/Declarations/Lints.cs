using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Generator.Declarations;

/// <summary>The warnings for a valid network: layers that work against each other.</summary>
internal sealed class Lints
{
    private readonly IReadOnlyList<Node> _nodes;
    private readonly IReadOnlyList<LayerSource> _sources;
    private readonly List<Problem> _problems;
    private readonly List<int>[] _readers;

    /// <summary>The warnings so far. All copies of a block have the same mistake at the same place.</summary>
    private readonly HashSet<(string, Site)> _reported = [];

    private Lints(IReadOnlyList<Node> nodes, IReadOnlyList<LayerSource> sources, List<Problem> problems)
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
        IReadOnlyList<Node> nodes, IReadOnlyList<LayerSource> sources, EquatableArray<NetworkLoss> losses, List<Problem> problems)
    {
        var lints = new Lints(nodes, sources, problems);
        foreach (Node node in nodes.Where(node => node.Inputs.Count > 0))
        {
            Node before = nodes[node.Inputs[0]];
            lints.CheckBatchNorm(node, before);
            if (lints.IsActivation(node) && lints.IsActivation(before) && lints._readers[before.Index].Count == 1)
            {
                lints.Report(Rules.TwoActivations, lints.Removal(node), node, lints.LabelOf(before));
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
            Report(Rules.BiasBeforeBatchNorm, Fix.Set("Bias", "false"), before, LabelOf(node));
        }

        // Skip layers that only pass values on.
        while (before.Operation.AsActivation is not null || before.Operation.IsView)
        {
            before = _nodes[before.Inputs[0]];
        }

        if (before.Operation.IsForTraining)
        {
            Report(Rules.DropoutBeforeBatchNorm, new Fix(FixKind.MoveBehindLast, "BatchNorm"), before, LabelOf(node));
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
            Report(Rules.SoftmaxInside, Removal(node), node, LabelOf(layer));
        }
        else if (losses.FirstOrDefault(
            loss => loss.Node == node.Index && !loss.Loss.IsFusedWith(node.Operation) && !WarnsItself(loss.Loss)) is { } loss)
        {
            Report(Rules.SoftmaxInside, Removal(node), node, $"[{loss.Loss.Name}]");
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

    /// <summary>The edit that removes a layer; null if other layers refer to its name.</summary>
    private Fix? Removal(Node node) =>
        _sources[node.Index].IsNamed || _readers[node.Index].Exists(reader => _sources[reader].NamesInputs)
            ? null : new Fix(FixKind.RemoveAttribute);

    private string LabelOf(Node node) => _sources[node.Index].Label;

    private void Report(Rule rule, Fix? fix, Node node, params string[] arguments)
    {
        if (_reported.Add((rule.Id, _sources[node.Index].Site)))
        {
            _problems.Add(Problem.Of(rule, _sources[node.Index].Site, arguments.Prepend(LabelOf(node)).ToArray())
                .FixedBy(fix is null ? [] : [fix]));
        }
    }
}
