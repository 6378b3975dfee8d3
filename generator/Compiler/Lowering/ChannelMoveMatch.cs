using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Layers that only move channels, in a row: a shuffle after a concatenation, and slices of the shuffled tensor. In inference, one step
/// copies each channel from where it was computed to where the next layer reads it, and the tensors between them do not exist.
/// </summary>
internal sealed class ChannelMoveMatch(LayerReaders readers)
{
    private readonly Dictionary<int, bool> _passedOn = [];

    /// <summary>Whether a layer is not computed, since each of its readers takes channels from its inputs.</summary>
    public bool IsPassedOn(Node node)
    {
        if (!_passedOn.TryGetValue(node.Index, out bool isPassedOn))
        {
            List<Node> behind = [.. readers.ReadersInside(node)];
            isPassedOn = readers.Kind is { Fuses: true, Trains: false } && SourcesOf(node) is { } sources && behind.Count > 0
                && behind.TrueForAll(reader => reader.Inputs.Count == 1 && SourcesOf(reader) is not null)
                && (node.Operation.JoinsChannels
                    ? behind.TrueForAll(reader => !IsRow(reader)) : !ChannelSources.FirstOf(sources).HasValue && behind.TrueForAll(IsRow));
            _passedOn.Add(node.Index, isPassedOn);
        }

        return isPassedOn;
    }

    /// <summary>The group of a layer that moves channels; null for other layers, and for a concatenation.</summary>
    public LayerGroup? GroupOf(Node node)
    {
        if (node.Operation.JoinsChannels || SourcesOf(node) is not { } sources)
        {
            return null;
        }

        List<Node> layers = [node];
        while (layers[0].Inputs.Count == 1 && InputsOf(layers[0])[0] is var before && IsPassedOn(before))
        {
            sources = ChannelSources.Behind(SourcesOf(before)!.Value, sources);
            layers.Insert(0, before);
        }

        string label = string.Join(" + ", layers.Select(layer => layer.Name));
        return new LayerGroup(node, InputsOf(layers[0]), null, null, null, null, node, label) { ChannelSources = sources };
    }

    /// <summary>Where the channels of a layer come from; null if it does not only move channels, or has flat tensors.</summary>
    private EquatableArray<ChannelSource>? SourcesOf(Node node) => node.Inputs.Count == 0 || node.Shape.Rank == 1 ? null
        : node.Operation.ChannelSources([.. InputsOf(node).Select(input => input.Shape)], node.Shape);

    /// <summary>Whether a layer takes neighbouring channels, which may be a view.</summary>
    private bool IsRow(Node node) => ChannelSources.FirstOf(SourcesOf(node)!.Value) is not null;

    private List<Node> InputsOf(Node node) => node.Inputs.Select(input => readers.Graph.Nodes[input]).ToList();
}
