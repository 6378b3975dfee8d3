using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Finds what can become a block where nothing is known about modules: groups of branches, and depthwise convolutions.</summary>
internal sealed class WiringRegions
{
    private readonly UnitGraph _graph;
    private readonly List<Region> _top = [];

    /// <summary>Regions by the output of each unit in them: the outermost so far.</summary>
    private readonly Dictionary<LayerTensor, Region> _regionOf = new(ReferenceEqualityComparer.Instance);

    private WiringRegions(UnitGraph graph) => _graph = graph;

    /// <summary>The regions that are in no other one, with those inside.</summary>
    public static List<Region> Find(UnitGraph graph)
    {
        var regions = new WiringRegions(graph);
        regions.FindDepthwise();
        regions.FindGroups();
        return regions._top;
    }

    private void FindDepthwise()
    {
        foreach (Unit unit in _graph.Units.Where(IsDepthwise))
        {
            List<Unit> chain = [unit];
            Unit? before = Before(unit, passes: true, out List<Unit> between);
            bool expands = before is not null && IsPointwise(before) && !_regionOf.ContainsKey(before.Output);
            if (expands)
            {
                chain = [before!, .. between, unit];
            }

            Unit? project = After(unit, chain);
            if (project is null || !IsPointwise(project))
            {
                continue;
            }

            chain.Add(project);
            bool isLinear = !AddIf(chain, next => LayerWords.IsNorm(next.Kind)) || expands;
            if (!expands || !isLinear)
            {
                AddIf(chain, next => LayerWords.IsActivation(next.Kind));
            }

            Add(chain, chain[0].Inputs[0], chain[^1].Output, []);
        }
    }

    /// <summary>Groups of branches with the activation behind them. Groups inside come first.</summary>
    private void FindGroups()
    {
        var makers = new Dictionary<LayerTensor, Unit>(_graph.Makers, ReferenceEqualityComparer.Instance);
        var readers = new Dictionary<LayerTensor, int>(_graph.Readers, ReferenceEqualityComparer.Instance);
        foreach (Unit join in _graph.Units.Where(unit => unit.IsJoin))
        {
            if (BranchGroup.EndingAt(join, makers, readers, []) is not { } group || group.Start is null)
            {
                continue;
            }

            List<Unit> layers = [.. group.Branches.SelectMany(branch => branch).SelectMany(LayersOf), join];
            List<Region> children = [.. layers.Select(unit => _regionOf.GetValueOrDefault(unit.Output)).OfType<Region>().Distinct()];
            children.ForEach(child => child.IsForced |= child.Layers.Any(unit => unit.IsJoin));
            AddIf(layers, next => LayerWords.IsActivation(next.Kind) || next.Kind == "ChannelShuffle");
            Region region = Add(layers, group.Start, layers[^1].Output, children);
            if (join.Kind != "Concat" || group.Branches.All(branch => branch.Count > 0))
            {
                makers[region.Output] = new WholeUnit(region.Input, region.Output, region);
                readers[group.Start] -= group.Branches.Count - 1;
            }
        }
    }

    private static IEnumerable<Unit> LayersOf(Unit unit) => unit is WholeUnit { Region: { } region } ? region.Layers : [unit];

    private Region Add(IReadOnlyList<Unit> layers, LayerTensor input, LayerTensor output, IReadOnlyList<Region> children)
    {
        var region = new Region("", layers, input, output);
        region.Children.AddRange(children);
        _top.RemoveAll(children.Contains);
        _top.Add(region);
        foreach (Unit unit in layers)
        {
            _regionOf[unit.Output] = region;
        }

        return region;
    }

    /// <summary>Adds the unit behind a chain if nothing else reads the chain and it is the right one.</summary>
    private bool AddIf(List<Unit> chain, System.Predicate<Unit> isRight)
    {
        if (_graph.ReaderOf(chain[^1].Output) is { } next && isRight(next))
        {
            chain.Add(next);
            return true;
        }

        return false;
    }

    /// <summary>The convolution before a unit, and the norm and the activation between them.</summary>
    private Unit? Before(Unit unit, bool passes, out List<Unit> between)
    {
        between = [];
        LayerTensor tensor = unit.Inputs[0];
        while (passes && _graph.Readers.GetValueOrDefault(tensor) == 1 && _graph.Makers.TryGetValue(tensor, out Unit? before))
        {
            if (before.Stem == "conv")
            {
                between.Reverse();
                return before;
            }

            passes = between.Count < 2 && (LayerWords.IsNorm(before.Kind) || LayerWords.IsActivation(before.Kind));
            between.Add(before);
            tensor = before.Inputs[0];
        }

        return null;
    }

    /// <summary>The convolution behind a unit. The norm and the activation between them are added to the chain.</summary>
    private Unit? After(Unit unit, List<Unit> chain)
    {
        for (Unit? next = _graph.ReaderOf(unit.Output); next is not null; next = _graph.ReaderOf(next.Output))
        {
            if (next.Stem == "conv")
            {
                return next;
            }

            if (!LayerWords.IsNorm(next.Kind) && !LayerWords.IsActivation(next.Kind))
            {
                return null;
            }

            chain.Add(next);
        }

        return null;
    }

    private static bool IsDepthwise(Unit unit) => unit is LayerUnit { Stem: "conv", Layer: var layer }
        && layer.Arguments.Any(argument => argument.Name == "Groups" && argument.Value.Equals(layer.Inputs[0].Shape[0]))
        && layer.Shape[0] == layer.Inputs[0].Shape[0];

    private static bool IsPointwise(Unit unit) => unit is LayerUnit { Stem: "conv" } && unit.Slots.Count > 2
        && unit.Slots[1].Value.Equals(1) && unit.Slots.All(slot => slot.Name != "Groups" || slot.Literal is null);
}
