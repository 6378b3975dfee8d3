using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Graph;

/// <summary>
/// How many rows or columns of the network's input an element of a tensor depends on, at most, along one axis (Araujo, Norris and Sim
/// 2019). A field is not made smaller at the borders of the input, but it is never larger than the input.
/// </summary>
internal sealed class ReceptiveField
{
    private readonly NetworkGraph _graph;
    private readonly int _axis;
    private readonly double _whole;

    /// <summary>
    /// The field of an element of each node, and how much each neighbour adds to it. Null if neighbours do not all add the same. Nodes that
    /// have a value here end the walk in <see cref="Strides"/>.
    /// </summary>
    private readonly (double Field, double Jump)?[] _regular;

    /// <summary>How many neighbouring elements of each tensor the current node depends on.</summary>
    private readonly double[] _neighbours;

    private ReceptiveField(NetworkGraph graph, int axis)
    {
        (_graph, _axis, _whole) = (graph, axis, graph.Input.Shape.Axis(axis));
        (_regular, _neighbours) = (new (double, double)?[graph.Nodes.Count], new double[graph.Nodes.Count]);
    }

    /// <summary>Computes the fields of all nodes along the axes of the first input. A flat input has no axes.</summary>
    public static IReadOnlyList<int[]> Compute(NetworkGraph graph)
    {
        IEnumerable<int> axes = Enumerable.Range(0, 3).Skip(Shape.VolumeRank - graph.Input.Shape.Rank);
        List<List<int>> fields = axes.Select(axis => new ReceptiveField(graph, axis))
            .Select(field => graph.Nodes.Select(field.FieldOf).ToList()).ToList();
        return graph.Nodes.Select(node => fields.Select(field => field[node.Index]).ToArray()).ToList();
    }

    private int FieldOf(Node node)
    {
        _regular[node.Index] = Regular(node);
        double field = Math.Min(_whole, _regular[node.Index]?.Field ?? Strides(node));
        if (field == _whole)
        {
            // If a tensor depends on all of the input, so does every tensor computed from it.
            _regular[node.Index] = (field, 0);
        }

        return (int)field;
    }

    private (double, double)? Regular(Node node)
    {
        if (node.Inputs.Count == 0)
        {
            return (1, 1);
        }

        (double Field, double Jump)? all = null;
        foreach (int input in node.Inputs)
        {
            AxisReach reach = ReachOf(node, input);
            if (_regular[input] is not { } before || reach.Extent % 1 != 0 || reach.Stride % 1 != 0)
            {
                return null;
            }

            (double Field, double Jump) own = (before.Field + ((reach.Extent - 1) * before.Jump), before.Jump * reach.Stride);
            if (own.Field >= _whole)
            {
                return own;
            }

            if (all is { } others && others.Jump != own.Jump)
            {
                return null;
            }

            all = (Math.Max(own.Field, all?.Field ?? 0), own.Jump);
        }

        return all;
    }

    /// <summary>Walks from an element back to the network's inputs, and finds how much of each tensor the element depends on.</summary>
    private double Strides(Node from)
    {
        Array.Clear(_neighbours, 0, from.Index);
        _neighbours[from.Index] = 1;
        double field = 0;
        for (int i = from.Index; i >= 0 && field < _whole; i--)
        {
            Cancellation.ThrowIfRequested();
            if (_neighbours[i] == 0)
            {
                continue;
            }

            if (_regular[i] is { } regular)
            {
                field = Math.Max(field, regular.Field + ((_neighbours[i] - 1) * regular.Jump));
                continue;
            }

            foreach (int input in _graph.Nodes[i].Inputs)
            {
                _neighbours[input] = Math.Max(_neighbours[input], ReachOf(_graph.Nodes[i], input).Reads(_neighbours[i]));
            }
        }

        return field;
    }

    private AxisReach ReachOf(Node node, int input) => node.Operation.ReachOf(_graph.Nodes[input].Shape, node.Shape)[_axis];
}
