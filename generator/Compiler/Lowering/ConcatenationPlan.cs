using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>Where a tensor is within a concatenated tensor: its first channel there.</summary>
internal readonly record struct TensorPlace(Node Whole, int Channel);

/// <summary>
/// Decides which tensors are computed directly inside of the tensor that concatenates them along the channels, which saves copies. Whole
/// channels are contiguous, so a part can be read like any other tensor, also by other readers. A chain of concatenations that each add
/// channels (DenseNet) becomes one tensor. In training every tensor has its own memory.
/// </summary>
internal sealed class ConcatenationPlan
{
    private readonly FusionPlan _fusion;
    private readonly Dictionary<int, TensorPlace> _places = [];

    /// <param name="layoutOf">The layouts of tensors as if each had its own memory.</param>
    /// <param name="lanes">
    /// The number of channels in a block. In blocks of channels, a part is computed in place only if it begins at a block.
    /// </param>
    public ConcatenationPlan(FusionPlan fusion, Func<Node, TensorLayout> layoutOf, int lanes)
    {
        _fusion = fusion;
        if (fusion.Kind.Trains)
        {
            return;
        }

        // Go from the last concatenation to the first, since a concatenation may itself be concatenated. Tensors that an activation
        // overwrites later are not computed in place.
        var overwritten = new HashSet<int>();
        foreach (LayerGroup join in fusion.All.Reverse().Where(group => group.Operation.JoinsChannels && group.Last.Shape.Rank > 1))
        {
            Node whole = join.Last;
            TensorPlace place = PlaceOf(whole) ?? new TensorPlace(whole, 0);
            bool isOverwritten = overwritten.Contains(whole.Index) || IsOverwritten(whole);
            int channel = place.Channel;
            foreach (Node input in join.Inputs)
            {
                Node part = MemoryOf(input);
                TensorLayout layout = layoutOf(part);
                if (layout.Layout == layoutOf(whole).Layout && layout.Shape == input.Shape && !_places.ContainsKey(part.Index)
                    && (layout.Layout != Layout.Blocked || channel % lanes == 0)
                    && (!isOverwritten || fusion.HasSoleReader(input)))
                {
                    _places[whole.Index] = place;
                    _places.Add(part.Index, new TensorPlace(place.Whole, channel));
                    if (isOverwritten)
                    {
                        overwritten.Add(part.Index);
                    }
                }

                channel += input.Shape.Channels;
            }
        }
    }

    /// <summary>The place of a tensor that is part of another tensor or has parts; null if it has its own memory.</summary>
    public TensorPlace? PlaceOf(Node node) => _places.TryGetValue(node.Index, out TensorPlace place) ? place : null;

    /// <summary>Gives all parts of a tensor the union of their halos. Returns whether any halo has changed.</summary>
    public bool ShareHalos(Dictionary<int, Halo> halos)
    {
        bool changes = false;
        foreach (IGrouping<int, int> parts in _places.Keys.Where(halos.ContainsKey).GroupBy(node => _places[node].Whole.Index))
        {
            Halo shared = parts.Aggregate(default(Halo), (all, part) => all.Union(halos[part]));
            foreach (int part in parts)
            {
                changes |= halos[part] != shared;
                halos[part] = shared;
            }
        }

        return changes;
    }

    /// <summary>
    /// The tensor in whose memory a tensor is. This is the tensor itself, unless it is a view or the result of an activation in place.
    /// </summary>
    private Node MemoryOf(Node node)
    {
        while (_fusion.ProducerOf(node) is { } producer && (_fusion.PassesOn(producer) || _fusion.IsInPlace(producer)))
        {
            node = producer.Input;
        }

        return node;
    }

    /// <summary>Whether an activation overwrites a tensor or a view of it.</summary>
    private bool IsOverwritten(Node node)
    {
        while (_fusion.ReadersOf(node).FirstOrDefault() is { } reader && _fusion.HasSoleReader(node))
        {
            if (!_fusion.MayShareMemory(reader))
            {
                return _fusion.IsInPlace(reader);
            }

            node = reader.Last;
        }

        return false;
    }
}
