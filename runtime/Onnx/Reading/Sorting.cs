using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>Brings nodes into an order in which each stands behind those that it reads. An order that is right already stays.</summary>
internal static class Sorting
{
    /// <param name="nodes">The nodes in the order of the file.</param>
    /// <param name="reads">The names that a node reads.</param>
    /// <param name="isKnown">Whether a name that no node computes is known otherwise.</param>
    public static IReadOnlyList<NodeProto> Sort(
        IReadOnlyList<NodeProto> nodes, Func<NodeProto, IEnumerable<string>> reads, Func<string, bool> isKnown)
    {
        Dictionary<string, int> producers = Producers(nodes);
        int[] missing = new int[nodes.Count];
        List<int>?[] readers = new List<int>?[nodes.Count];
        bool sorted = true;
        for (int index = 0; index < nodes.Count; index++)
        {
            foreach (string name in reads(nodes[index]))
            {
                if (producers.TryGetValue(name, out int producer))
                {
                    missing[index]++;
                    (readers[producer] ??= []).Add(index);
                    sorted &= producer < index;
                }
                else if (!isKnown(name))
                {
                    throw new ReadingException($"it reads '{name}', which nothing computes").At(NodeNames.Describe(nodes[index]));
                }
            }
        }

        return sorted ? nodes : Ordered(nodes, missing, readers);
    }

    /// <summary>The number of the node that computes a name.</summary>
    public static Dictionary<string, int> Producers(IReadOnlyList<NodeProto> nodes)
    {
        Dictionary<string, int> producers = [];
        for (int index = 0; index < nodes.Count; index++)
        {
            foreach (string output in nodes[index].Output)
            {
                if (output.Length > 0 && !producers.TryAdd(output, index))
                {
                    string first = NodeNames.Describe(nodes[producers[output]]);
                    throw new ReadingException($"it computes '{output}', as {first} does").At(NodeNames.Describe(nodes[index]));
                }
            }
        }

        return producers;
    }

    private static List<NodeProto> Ordered(IReadOnlyList<NodeProto> nodes, int[] missing, List<int>?[] readers)
    {
        // Of the nodes that are ready, the first of the file.
        var ready = new PriorityQueue<int, int>(
            Enumerable.Range(0, nodes.Count).Where(index => missing[index] == 0).Select(index => (index, index)));
        List<NodeProto> ordered = new(nodes.Count);
        while (ready.TryDequeue(out int index, out _))
        {
            ordered.Add(nodes[index]);
            foreach (int reader in readers[index] ?? [])
            {
                if (--missing[reader] == 0)
                {
                    ready.Enqueue(reader, reader);
                }
            }
        }

        if (ordered.Count < nodes.Count)
        {
            IEnumerable<string> cycle = nodes.Where((_, index) => missing[index] > 0).Take(4).Select(NodeNames.Of);
            throw new ReadingException($"nodes read each other in a circle, or stand behind one: {string.Join(", ", cycle)}");
        }

        return ordered;
    }
}
