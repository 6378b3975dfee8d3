using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>
/// Puts the units of a scope one below the other: branches in groups where a join reads branches of one tensor, names for all other
/// connections.
/// </summary>
internal sealed class Stack
{
    private readonly List<Item> _items = [];
    private readonly HashSet<LayerTensor> _named = new(ReferenceEqualityComparer.Instance);
    private LayerTensor? _current;

    /// <summary>The attributes, from the first input to the last layer.</summary>
    public List<Item> Items => _items;

    /// <summary>The tensors that attributes read by name.</summary>
    public IReadOnlySet<LayerTensor> Named => _named;

    /// <summary>The stack of a network.</summary>
    public static Stack OfNetwork(
        UnitGraph graph, IReadOnlyList<(string Name, LayerTensor Tensor)> outputs, (string Kind, LayerTensor Tensor)? loss)
    {
        var stack = new Stack();
        Queue<(string Name, LayerTensor Tensor)> waiting = new(outputs.Count > 1 ? outputs : []);
        stack.Add(graph, waiting);
        LayerTensor? last = stack._current;
        foreach ((string name, LayerTensor tensor) in waiting)
        {
            stack._items.Add(new OutputItem(name, tensor) { WritesFrom = tensor != last });
            stack.Name(tensor, tensor != last);
        }

        if (outputs.Count == 1 && outputs[0].Tensor != last)
        {
            stack._items.Add(new OutputItem("", outputs[0].Tensor) { WritesFrom = true });
            stack.Name(outputs[0].Tensor, true);
        }

        if (loss is { } end)
        {
            stack._items.Add(new LossItem(end.Kind, end.Tensor == last ? null : end.Tensor));
            stack.Name(end.Tensor, end.Tensor != last);
        }

        return stack;
    }

    /// <summary>The stack of a block, which reads one tensor and makes one.</summary>
    public static Stack OfBlock(UnitGraph graph, LayerTensor input)
    {
        var stack = new Stack { _current = input };
        stack.Add(graph, []);
        return stack;
    }

    private void Add(UnitGraph graph, Queue<(string Name, LayerTensor Tensor)> waiting)
    {
        HashSet<LayerTensor> claimed = new(
            graph.Groups.Values.SelectMany(group => group.Branches).SelectMany(branch => branch).Select(unit => unit.Output),
            ReferenceEqualityComparer.Instance);
        foreach (LayerTensor tensor in graph.Order)
        {
            if (tensor is InputTensor input)
            {
                _items.Add(new InputItem(input));
                _current = input;
            }
            else if (graph.Groups.TryGetValue(tensor, out BranchGroup? group))
            {
                AddGroup(group);
            }
            else if (!claimed.Contains(tensor))
            {
                Add(graph.Makers[tensor]);
            }

            while (_current == tensor && waiting.TryPeek(out (string Name, LayerTensor Tensor) output) && output.Tensor == tensor)
            {
                _items.Add(new OutputItem(output.Name, tensor));
                waiting.Dequeue();
            }
        }
    }

    private void AddGroup(BranchGroup group)
    {
        bool isHere = _current == group.Start;
        foreach (IReadOnlyList<Unit> branch in group.Branches)
        {
            if (isHere)
            {
                _items.Add(new BranchItem());
                _current = group.Start;
            }

            foreach (Unit unit in branch)
            {
                Add(unit);
            }
        }

        if (isHere)
        {
            _items.Add(new UnitItem(group.Join));
            _current = group.Join.Output;
        }
        else
        {
            Add(group.Join);
        }
    }

    private void Add(Unit unit)
    {
        bool isSource = unit is LayerUnit { Layer.IsSource: true };
        bool isElsewhere = !isSource && !unit.IsJoin && unit.Inputs[0] != _current;
        _items.Add(new UnitItem(unit)
        {
            From = isElsewhere ? unit.Inputs[0] : null,
            Joined = unit.IsJoin ? unit.Inputs : [],
        });
        for (int i = isSource ? 1 : 0; i < unit.Inputs.Count; i++)
        {
            Name(unit.Inputs[i], i > 0 || unit.IsJoin || isElsewhere);
        }

        _current = unit.Output;
    }

    private void Name(LayerTensor tensor, bool isRead)
    {
        if (isRead)
        {
            _named.Add(tensor);
        }
    }
}
