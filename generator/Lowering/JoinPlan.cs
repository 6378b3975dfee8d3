using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>Where a tensor lies in another one: from which channel on.</summary>
internal readonly record struct TensorPlace(Node Whole, int Channel);

/// <summary>
/// Which tensors are computed in their places in those that join them along the channels, so that nothing needs to be copied. A part is
/// read as any other tensor is, since whole channels lie one behind the other; so it may have other readers, too, and a chain of joins that
/// each add channels behind the others (DenseNet) is one tensor. In training each has memory of its own.
/// </summary>
internal sealed class JoinPlan
{
    private readonly FusionPlan _fusion;
    private readonly Dictionary<int, TensorPlace> _places = [];

    /// <param name="layoutOf">How tensors lie, if each has memory of its own.</param>
    /// <param name="lanes">Channels of a block: in blocks a part is computed in its place where its first channel begins one.</param>
    public JoinPlan(FusionPlan fusion, Func<Node, TensorLayout> layoutOf, int lanes)
    {
        _fusion = fusion;
        if (fusion.Kind.Trains)
        {
            return;
        }

        // From the last one on, since what joins others may be joined itself; and those whose memory a later activation overwrites.
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

    /// <summary>Where a tensor lies, if it is a part of another one, or others are parts of it; null if it has memory of its own.</summary>
    public TensorPlace? PlaceOf(Node node) => _places.TryGetValue(node.Index, out TensorPlace place) ? place : null;

    /// <summary>Gives all parts of a tensor the zeros that any of them needs; returns whether that changes any.</summary>
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

    /// <summary>The tensor in whose memory another one is computed: itself, unless it is passed on or overwritten in place.</summary>
    private Node MemoryOf(Node node)
    {
        while (_fusion.ProducerOf(node) is { } producer && (_fusion.PassesOn(producer) || _fusion.IsInPlace(producer)))
        {
            node = producer.Input;
        }

        return node;
    }

    /// <summary>Whether an activation overwrites a tensor, itself or as a view.</summary>
    private bool IsOverwritten(Node node)
    {
        while (_fusion.ReadersOf(node).FirstOrDefault() is { } reader && _fusion.HasSoleReader(node))
        {
            if (!_fusion.PassesOn(reader))
            {
                return _fusion.IsInPlace(reader);
            }

            node = reader.Last;
        }

        return false;
    }
}
