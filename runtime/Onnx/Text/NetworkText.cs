using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>The attributes of a network and of its blocks, and the names of all layers.</summary>
internal sealed class NetworkText
{
    private readonly HashSet<string> _identifiers = new(StringComparer.Ordinal);
    private readonly List<(string Key, LayerParameter Parameter)> _keys = [];
    private readonly Dictionary<BlockClass, BlockText> _blocks = [];
    private readonly Dictionary<Layer, Layer> _owners = [];
    private readonly Stack _stack;

    private NetworkText(LayerGraph graph, IReadOnlyList<Unit> units, IReadOnlyList<BlockClass> classes, string name)
    {
        Blocks = [.. classes.Select(block => new BlockText(block))];
        foreach (BlockText block in Blocks)
        {
            _blocks.Add(block.Class, block);
        }

        (string Kind, LayerTensor Tensor)? loss =
            graph.Loss is { Length: > 0 } kind && graph.Layers.Count > 0 ? (kind, graph.Layers[^1]) : null;
        _stack = Stack.OfNetwork(GraphOf(graph, units), graph.Outputs, loss);
        if (graph.Sizes is { } sizes && sizes.Arguments.Any())
        {
            _stack.Items.Insert(_stack.Items.FindIndex(item => item is InputItem) + 1, new SizesItem(sizes));
        }

        Sequences.Insert(_stack.Items, "");
        Names = ItemNames.OfNetwork(_stack, name);
        FindOwners(graph.Shared);
        foreach (UnitItem item in _stack.Items.OfType<UnitItem>())
        {
            AddKeys(item.Unit, item.Name);
        }
    }

    /// <summary>The layers that use the parameters of another one, each with that one, which stands above it.</summary>
    public IReadOnlyDictionary<Layer, Layer> Owners => _owners;

    /// <summary>The attributes, with names.</summary>
    public IReadOnlyList<Item> Items => _stack.Items;

    /// <summary>The names of tensors.</summary>
    public IReadOnlyDictionary<LayerTensor, string> Names { get; }

    /// <summary>Writes the lines of attributes.</summary>
    public IReadOnlyList<string> Lines() => StackPrinter.Print(Repeats.In(_stack.Items, _stack.Named, null), Names, owners: _owners);

    public IReadOnlyList<BlockText> Blocks { get; }

    /// <summary>Every parameter with its key.</summary>
    public IReadOnlyList<(string Key, LayerParameter Parameter)> Keys => _keys;

    /// <summary>Whether no two layers have one name.</summary>
    public bool IsValid { get; private set; } = true;

    /// <summary>The text with blocks for what is repeated.</summary>
    public static NetworkText WithBlocks(LayerGraph graph, string name, BlockNames names)
    {
        UnitGraph units = GraphOf(graph, [.. graph.Layers.Select(layer => new LayerUnit(layer))]);
        HashSet<Layer> shared =
        [
            .. graph.Shared.SelectMany(same => same),
            .. graph.Layers.Where(layer => layer.TiedTo is not null).SelectMany(layer => new[] { layer, layer.TiedTo! }),
        ];
        List<Region> regions = [.. RegionsOf(units).Where(region => !region.Layers.SelectMany(unit => unit.Layers).Any(shared.Contains))];
        (IReadOnlyList<Unit> written, IReadOnlyList<BlockClass> classes) =
            BlockPlan.Of(units, regions, names);
        return new NetworkText(graph, written, classes, name);
    }

    /// <summary>Modules, and what is wired like blocks where layers have no names. Names without modules stay as they are.</summary>
    private static List<Region> RegionsOf(UnitGraph graph)
    {
        List<Region> modules = ModuleRegions.Find(graph), wired = WiringRegions.Find(graph);
        var inside = new HashSet<LayerTensor>(
            modules.SelectMany(region => region.Layers).Select(unit => unit.Output), ReferenceEqualityComparer.Instance);
        return
        [
            .. modules,
            .. wired.Where(region => region.Layers.All(unit => unit.Wanted.Length == 0 && !inside.Contains(unit.Output))),
        ];
    }

    /// <summary>The text without blocks.</summary>
    public static NetworkText WithoutBlocks(LayerGraph graph, string name) =>
        new(graph, [.. graph.Layers.Select(layer => new LayerUnit(layer))], [], name);

    private static UnitGraph GraphOf(LayerGraph graph, IEnumerable<Unit> units)
    {
        List<LayerTensor> ends = [.. graph.Outputs.Select(output => output.Tensor)];
        if (graph.Loss is { Length: > 0 } && graph.Layers.Count > 0 && !ends.Contains(graph.Layers[^1]))
        {
            ends.Add(graph.Layers[^1]);
        }

        return new UnitGraph(units, graph.Inputs, ends);
    }

    private void FindOwners(IReadOnlyList<IReadOnlyList<Layer>> shared)
    {
        Layer[] layers = shared.Count == 0 ? [] : [.. _stack.Items.OfType<UnitItem>().Select(item => item.Unit).OfType<LayerUnit>()
            .Select(unit => unit.Layer)];
        foreach (Layer[] same in shared.Select(same => layers.Where(same.Contains).ToArray()))
        {
            foreach (Layer other in same.Skip(1))
            {
                _owners.Add(other, same[0]);
            }
        }
    }

    /// <summary>Adds the keys of a unit, under its whole name.</summary>
    private void AddKeys(Unit unit, string name)
    {
        IsValid &= LayerNames.Identifier(name) is { } identifier && _identifiers.Add(identifier);
        switch (unit)
        {
            case LayerUnit { Layer: var layer } when _owners.ContainsKey(layer):
                break;

            case LayerUnit { Layer: var layer }:
                foreach (LayerParameter parameter in layer.OwnParameters)
                {
                    _keys.Add((parameter.Suffix.Length == 0 ? name : $"{name}.{parameter.Suffix}", parameter));
                }

                break;

            case ShortcutUnit { Convolution: { } convolution, Norm: { } norm }:
                AddKeys(convolution, name + ".0");
                AddKeys(norm, name + ".1");
                break;

            case BlockUnit block:
                foreach ((Unit inner, string innerName) in _blocks[block.Block].NamesOf(block))
                {
                    AddKeys(inner, $"{name}.{innerName}");
                }

                break;
        }
    }
}
