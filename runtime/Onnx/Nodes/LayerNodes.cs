using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Nodes;

/// <summary>Writes the nodes of one layer.</summary>
/// <param name="graph">The file's graph.</param>
/// <param name="layer">The layer.</param>
/// <param name="inputs">The tensors that it reads.</param>
internal sealed class LayerNodes(NodeWriter graph, SavedLayer layer, IReadOnlyList<string> inputs)
{
    public SavedLayer Layer => layer;

    public NodeWriter Graph => graph;

    public int Opset => graph.Opset;

    public IReadOnlyList<string> Inputs => inputs;

    /// <summary>The only tensor that the layer reads, or the first.</summary>
    public string Input => inputs[0];

    /// <summary>The axes of pixels in the file, in which the batch is axis 0 and the channels are axis 1.</summary>
    public IReadOnlyList<int> PixelAxes => [.. Enumerable.Range(2, layer.InputShape.Count - 1)];

    /// <summary>Adds a node that reads one tensor.</summary>
    /// <returns>Its output.</returns>
    public string Node(string type, string input, params IEnumerable<AttributeProto> attributes) => Node(type, [input], attributes);

    /// <summary>Adds a node. An empty name stands for an input that is left out.</summary>
    /// <returns>Its output.</returns>
    public string Node(string type, IEnumerable<string> read, params IEnumerable<AttributeProto> attributes) =>
        graph.AddNode($"{layer.Name}/{type}", type, read, attributes).Output[0];

    /// <summary>Whether the layer has a parameter.</summary>
    public bool Has(string suffix) => layer.Parameters.ContainsKey(suffix);

    /// <summary>The parameters that the layer has.</summary>
    public IEnumerable<string> Parameters(params string[] suffixes) => suffixes.Where(Has).Select(suffix => Parameter(suffix));

    /// <summary>A parameter.</summary>
    /// <param name="suffix">The last part of its key.</param>
    /// <param name="shape">Another shape for its elements.</param>
    public string Parameter(string suffix, IReadOnlyList<int>? shape = null) => graph.AddParameter(layer.Parameters[suffix], shape);

    /// <summary>The weight, and the bias if there is one: the layer's own, or one that has the norm behind the layer in it.</summary>
    public IEnumerable<string> WeightAndBias() => graph.Network.Integers.NormBehind(layer) is null ? Parameters("weight", "bias")
        : [Parameter("weight"), graph.AddBias(layer, layer.OutputShape[0])];

    /// <summary>A parameter, or constants if the layer does not have it.</summary>
    public string ParameterOr(string suffix, float value, IReadOnlyList<int> shape) =>
        Has(suffix) ? Parameter(suffix) : Repeated(suffix, value, shape);

    /// <summary>A parameter with an element for each channel, which is applied to all of its pixels.</summary>
    public string ForChannels(string suffix) => Parameter(suffix, OverPixels(Extents.Product(layer.Parameters[suffix].Shape)));

    /// <summary>The shape in which numbers of channels are broadcast over pixels.</summary>
    public IReadOnlyList<int> OverPixels(int channels) => [channels, .. Enumerable.Repeat(1, layer.InputShape.Count - 1)];

    /// <summary>A number.</summary>
    /// <param name="name">What it is, for its name in the file.</param>
    /// <param name="value">Its value.</param>
    public string Scalar(string name, double value) => Floats(name, [(float)value], []);

    public string Repeated(string name, float value, IReadOnlyList<int> shape)
    {
        float[] values = new float[Extents.Product(shape)];
        Array.Fill(values, value);
        return Floats(name, values, shape);
    }

    public string Floats(string name, float[] values, IReadOnlyList<int> shape) => graph.AddFloats($"{layer.Name}/{name}", values, shape);

    public string Integers(string name, params IEnumerable<int> values)
    {
        long[] all = [.. values.Select(value => (long)value)];
        return graph.AddIntegers($"{layer.Name}/{name}", all, [all.Length]);
    }

    /// <summary>Gives each sample another shape.</summary>
    public string Reshape(string tensor, params IEnumerable<int> sample) => Node("Reshape", [tensor, Integers("shape", sample.Prepend(0))]);

    /// <summary>Changes the order of the axes; nothing if it is theirs already.</summary>
    public string Transpose(string tensor, params IReadOnlyList<int> order) => order.Select((axis, i) => axis == i).All(same => same)
        ? tensor : Node("Transpose", tensor, NodeAttribute.Create("perm", order));

    /// <summary>Reduces axes, which are attributes in old operator sets.</summary>
    public string Reduce(string type, string tensor, IReadOnlyList<int> axes, bool keepAxes)
    {
        AttributeProto keep = NodeAttribute.Create("keepdims", keepAxes);
        return Opset >= (type == "ReduceSum" ? 13 : 18)
            ? Node(type, [tensor, Integers("axes", axes)], keep)
            : Node(type, tensor, NodeAttribute.Create("axes", axes), keep);
    }

    /// <summary>A part of a tensor along some axes.</summary>
    public string Slice(
        string tensor, IReadOnlyList<int> axes, IEnumerable<int> starts, IEnumerable<int> ends, IEnumerable<int>? steps = null)
    {
        IEnumerable<string> read = [tensor, Integers("starts", starts), Integers("ends", ends), Integers("axes", axes)];
        return Node("Slice", steps is null ? read : read.Append(Integers("steps", steps)));
    }

    /// <summary>A shape with the batch, as a tensor of integers.</summary>
    /// <param name="tensor">A tensor that has the batch.</param>
    /// <param name="sample">The extents of a sample.</param>
    public string WholeShape(string tensor, IReadOnlyList<int> sample)
    {
        if (graph.BatchSize is { } batch)
        {
            return Integers("shape", sample.Prepend(batch));
        }

        string first = Opset >= 15
            ? Node("Shape", tensor, NodeAttribute.Create("start", 0), NodeAttribute.Create("end", 1))
            : Slice(Node("Shape", tensor), [0], [0], [1]);
        return Node("Concat", [first, Integers("sizes", sample)], NodeAttribute.Create("axis", 0));
    }

    public NotSupportedException NoForm(string reason) => graph.NoForm(layer, reason);
}
