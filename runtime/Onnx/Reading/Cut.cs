using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>Where the network ends, and what it needs up to there.</summary>
/// <param name="Outputs">Names of tensors.</param>
/// <param name="Nodes">The nodes that they need, in the order of the file.</param>
/// <param name="Needed">The names that these nodes read, and the outputs.</param>
/// <param name="IsCut">Whether it ends before the file's end.</param>
/// <param name="Before">The node before which it ends by itself; null if it does not.</param>
internal sealed record Cut(
    IReadOnlyList<string> Outputs, IReadOnlyList<NodeProto> Nodes, IReadOnlySet<string> Needed, bool IsCut, NodeProto? Before)
{
    private const int NearNames = 5, MostNames = 10_000;

    public static Cut Find(GraphProto graph, IReadOnlyList<string> until)
    {
        Dictionary<string, int> producers = Sorting.Producers(graph.Node);
        (IReadOnlyList<string> ends, NodeProto? before) = until.Count > 0 ? ([], null) : Suppression.Find(graph);
        string[] outputs = until.Count > 0 ? [.. until.Select(name => Tensor(graph, producers, name)).Distinct()]
            : before is not null ? [.. ends] : [.. graph.Output.Select(output => output.Name)];
        if (outputs.Length == 0)
        {
            throw new ReadingException("the graph has no outputs");
        }

        HashSet<string> needed = [.. outputs];
        bool[] isNeeded = new bool[graph.Node.Count];
        var open = new Stack<string>(outputs);
        while (open.TryPop(out string? name))
        {
            if (!producers.TryGetValue(name, out int producer) || isNeeded[producer])
            {
                continue;
            }

            isNeeded[producer] = true;
            foreach (string read in NodeNames.Reads(graph.Node[producer]).Where(needed.Add))
            {
                open.Push(read);
            }
        }

        bool isCut = until.Count > 0 || before is not null;
        return new Cut(outputs, [.. graph.Node.Where((_, index) => isNeeded[index])], needed, isCut, before);
    }

    /// <summary>The name of a tensor, or of a node for its first output.</summary>
    private static string Tensor(GraphProto graph, Dictionary<string, int> producers, string name)
    {
        if (producers.ContainsKey(name) || graph.Input.Any(input => input.Name == name))
        {
            return name;
        }

        NodeProto? node = graph.Node.FirstOrDefault(node => node.Name == name);
        if (node?.Output.FirstOrDefault(output => output.Length > 0) is string first)
        {
            return first;
        }

        IEnumerable<string> near = producers.Keys.Concat(graph.Node.Select(node => node.Name)).Where(one => one.Length > 0).Distinct()
            .Take(MostNames).OrderBy(one => Distance(one, name)).Take(NearNames);
        throw new ReadingException($"no tensor and no node is called '{name}' (--until); near names are {string.Join(", ", near)}");
    }

    /// <summary>How many letters differ; a name that contains the other is near.</summary>
    private static int Distance(string one, string other)
    {
        const int Longest = 100;
        (one, other) = (one[..Math.Min(one.Length, Longest)], other[..Math.Min(other.Length, Longest)]);
        if (Math.Min(one.Length, other.Length) >= 4
            && (one.Contains(other, StringComparison.OrdinalIgnoreCase) || other.Contains(one, StringComparison.OrdinalIgnoreCase)))
        {
            return Math.Abs(one.Length - other.Length) / 4;
        }

        int[] last = [.. Enumerable.Range(0, other.Length + 1)];
        foreach (char letter in one)
        {
            int[] next = new int[last.Length];
            next[0] = last[0] + 1;
            for (int index = 1; index < next.Length; index++)
            {
                int change = letter == other[index - 1] ? 0 : 1;
                next[index] = Math.Min(last[index - 1] + change, 1 + Math.Min(last[index], next[index - 1]));
            }

            last = next;
        }

        return last[^1];
    }
}
