using System.Collections.Generic;
using System.Linq;
using System.Text;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Writes a network as a C# class, as one would write it by hand.</summary>
internal static class ClassWriter
{
    /// <summary>The class, and the keys of its parameters.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="name">The name of the class.</param>
    /// <param name="namespace">The namespace; null for none.</param>
    public static ClassText Write(LayerGraph graph, string name, string? @namespace)
    {
        graph = ConcatChains.In(graph);
        List<Unit> units = [.. graph.Layers.Select(layer => new LayerUnit(layer))];
        Stack stack = Stack.OfNetwork(units, graph.Inputs, graph.Outputs, LossOf(graph));
        IReadOnlyDictionary<LayerTensor, string> names = ItemNames.OfNetwork(stack, name);
        var keys = new List<(string, LayerParameter)>();
        foreach (UnitItem item in stack.Items.OfType<UnitItem>())
        {
            foreach (LayerParameter parameter in ((LayerUnit)item.Unit).Layer.Parameters)
            {
                keys.Add((parameter.Suffix.Length == 0 ? item.Name : $"{item.Name}.{parameter.Suffix}", parameter));
            }
        }

        var text = new StringBuilder("using Strata;\n\n");
        if (@namespace is { Length: > 0 })
        {
            text.Append("namespace ").Append(@namespace).Append(";\n\n");
        }

        ClassComment.Append(text, name, graph);
        text.Append("[Network]\n");
        foreach (string line in StackPrinter.Print(stack.Items, names))
        {
            text.Append(line).Append('\n');
        }

        text.Append("public partial class ").Append(name).Append(";\n");
        return new ClassText(text.ToString(), keys);
    }

    private static (string Kind, LayerTensor Tensor)? LossOf(LayerGraph graph) =>
        graph.Loss is { Length: > 0 } loss && graph.Layers.Count > 0 ? (loss, graph.Layers[^1]) : null;
}
