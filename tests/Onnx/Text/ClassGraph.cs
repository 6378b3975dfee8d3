using System.Collections.Generic;
using System.Linq;
using System.Text;
using Strata.Compiler.Graph;
using Strata.Compiler.Declarations;
using Strata.Onnx.Layers;
using Strata.Onnx.Text;
using ClassText = Strata.Onnx.Text.ClassText;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Compares a class with the graph of layers from which it was written.</summary>
internal static class ClassGraph
{
    /// <summary>Writes the class and compiles it. It is the same network, with the keys that the text promises.</summary>
    /// <returns>The text.</returns>
    public static string Check(LayerGraph graph, string name = "Net", string? @namespace = "Demo")
    {
        ClassText text = ClassWriter.Write(graph, name, @namespace);
        graph = ConcatChains.In(graph);
        Assert.All(text.Source.Split('\n'), line => Assert.True(line.Length <= 140, line));
        NetworkGraph actual = ClassCompiler.GraphOf(text.Source), expected = ClassCompiler.GraphOf(Plain(graph));
        Assert.Equal(expected.Outputs.Count, actual.Outputs.Count);
        var matched = new Dictionary<int, int>();
        foreach ((NetworkOutput wanted, NetworkOutput found) in expected.Outputs.Zip(actual.Outputs))
        {
            Match(expected, actual, wanted.Node, found.Node, matched, text.Source);
        }

        Assert.Equal(expected.Nodes.Count, matched.Count);
        Assert.Equal(expected.Inputs.Select(input => matched[input.Index]), actual.Inputs.Select(input => input.Index));
        CheckKeys(graph, text, expected, actual, matched);
        return text.Source;
    }

    /// <summary>Each parameter has the key that the text says, and all of the class's parameters are there.</summary>
    private static void CheckKeys(
        LayerGraph graph, ClassText text, NetworkGraph expected, NetworkGraph actual, Dictionary<int, int> matched)
    {
        var keys = new Dictionary<LayerParameter, string>(ReferenceEqualityComparer.Instance);
        foreach ((string key, LayerParameter parameter) in text.Parameters)
        {
            keys.Add(parameter, key);
        }

        int count = 0;
        foreach (Node plain in expected.Layers)
        {
            Layer layer = graph.Layers[int.Parse(plain.Name[1..])];
            Node node = actual.Nodes[matched[plain.Index]];
            ParameterSpec[] specs = [.. NetworkDescription.ParametersOf(actual, node)];
            Assert.Equal(specs.Select(spec => $"{node.Name}.{spec.Suffix}"), layer.Parameters.Select(parameter => keys[parameter]));
            Assert.All(specs.Zip(layer.Parameters), pair => Assert.Equal(pair.First.Extents, pair.Second.Shape));
            count += specs.Length;
        }

        Assert.Equal(count, text.Parameters.Count);
        Assert.Equal(count, text.Parameters.Select(pair => pair.Key).Distinct().Count());
    }

    private static void Match(
        NetworkGraph expected, NetworkGraph actual, int wanted, int found, Dictionary<int, int> matched, string source)
    {
        var open = new Stack<(int Wanted, int Found)>([(wanted, found)]);
        while (open.TryPop(out (int Wanted, int Found) pair))
        {
            if (matched.TryGetValue(pair.Wanted, out int known))
            {
                Assert.True(known == pair.Found, source);
                continue;
            }

            matched.Add(pair.Wanted, pair.Found);
            (Node one, Node other) = (expected.Nodes[pair.Wanted], actual.Nodes[pair.Found]);
            Assert.True(
                one.Operation.Equals(other.Operation) && one.Shape.Equals(other.Shape) && one.Inputs.Count == other.Inputs.Count,
                $"{one.Name}: {one.Kind}({one.Arguments}), but {other.Name}: {other.Kind}({other.Arguments})\n{source}");
            foreach ((int left, int right) in one.Inputs.Zip(other.Inputs))
            {
                open.Push((left, right));
            }
        }
    }

    /// <summary>The network with a name for each layer, and each connection by name.</summary>
    private static string Plain(LayerGraph graph)
    {
        var names = new Dictionary<LayerTensor, string>(ReferenceEqualityComparer.Instance);
        var text = new StringBuilder("using Strata;\n[Network]\n");
        foreach (InputTensor input in graph.Inputs)
        {
            names.Add(input, "in" + names.Count);
            text.Append($"[Input({string.Join(", ", input.Shape)}, Name = \"{names[input]}\")]\n");
        }

        for (int i = 0; i < graph.Layers.Count; i++)
        {
            Layer layer = graph.Layers[i];
            names.Add(layer, "n" + i);
            IEnumerable<string> arguments = layer.Arguments.Select(
                argument => (argument.Name is null ? "" : argument.Name + " = ") + Numerals.Format(argument.Value));
            IEnumerable<string> inputs = layer.Inputs.Select(input => $"\"{names[input]}\"");
            IEnumerable<string> all = layer.IsJoin ? inputs.Concat(arguments) : arguments.Append($"From = {inputs.Single()}");
            text.Append($"[{layer.Kind}({string.Join(", ", all.Append($"Name = \"n{i}\""))})]\n");
        }

        foreach ((string _, LayerTensor tensor) in graph.Outputs)
        {
            text.Append($"[Output(\"out{text.Length}\", From = \"{names[tensor]}\")]\n");
        }

        return text.Append("partial class Plain;\n").ToString();
    }
}
