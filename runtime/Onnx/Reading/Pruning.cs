using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Leaves the nodes that the outputs need, in order, and tells every tensor who reads it.</summary>
internal static class Pruning
{
    public const string Gone = "nodes that no output needs";

    /// <param name="nodes">The nodes in order.</param>
    /// <param name="outputs">What is needed.</param>
    public static IReadOnlyList<OnnxNode> Prune(IReadOnlyList<OnnxNode> nodes, IEnumerable<OnnxValue> outputs)
    {
        HashSet<OnnxNode> needed = [];
        var open = new Stack<OnnxValue?>(outputs);
        while (open.TryPop(out OnnxValue? value))
        {
            if (value?.Producer is { } producer && needed.Add(producer))
            {
                foreach (OnnxValue? input in producer.Inputs)
                {
                    open.Push(input);
                }
            }
        }

        OnnxNode[] left = [.. nodes.Where(needed.Contains)];
        foreach (OnnxNode node in left)
        {
            foreach (OnnxValue? input in node.Inputs)
            {
                input?.Readers.Add(node);
            }
        }

        return left;
    }

    /// <summary>
    /// Outputs have the file's names, also where a node that is gone had computed them. Inputs and constants keep their own.
    /// </summary>
    public static void NameOutputs(IReadOnlyList<OnnxValue> outputs, IReadOnlyList<string> names)
    {
        HashSet<OnnxValue> named = [];
        for (int index = 0; index < outputs.Count; index++)
        {
            if (outputs[index].Producer is not null && named.Add(outputs[index]))
            {
                outputs[index].Name = names[index];
            }
        }
    }
}
