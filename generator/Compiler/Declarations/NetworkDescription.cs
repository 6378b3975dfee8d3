using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Declarations;

/// <summary>A layer as a network describes it to its users.</summary>
/// <param name="Node">The layer's node, which has its name, kind, shape and arguments.</param>
/// <param name="ParameterCount">Elements of its parameters; running statistics are none.</param>
/// <param name="MultiplyAdds">The multiply-adds of one sample.</param>
/// <param name="ReceptiveField">The extents of its receptive field; empty if it has none.</param>
/// <param name="Function">
/// The formula of a layer that a project declares, else empty. Its tensors are <c>x</c> and <c>y</c>, its trained numbers
/// <c>trained.KEY</c>.
/// </param>
/// <param name="Inputs">The layers and inputs that it reads; null if it only reads the layer before it.</param>
/// <param name="TrainingOnly">Whether inference leaves it out.</param>
/// <param name="Weights">The layer whose parameters it uses; empty if it has its own, or none.</param>
/// <param name="Tied">The layer whose weight it uses in the opposite direction; empty if its weight is its own.</param>
internal sealed record LayerDescription(
    Node Node, int ParameterCount, long MultiplyAdds, IReadOnlyList<int> ReceptiveField, string Function,
    IReadOnlyList<string>? Inputs, bool TrainingOnly, string Weights, string Tied)
{
    /// <summary>The bytes of its output for one sample, in floats.</summary>
    public long Bytes => sizeof(float) * (long)Node.Shape.Length;

    /// <summary>Its output, the rule of its shape, and what it costs, as text.</summary>
    public string Text =>
        $"{Node.Shape}{(Node.Formula.Length > 0 ? "; " + Node.Formula : "")}{CostText(ParameterCount, MultiplyAdds, Bytes)}";

    /// <summary>What a layer costs, or several together, as the end of a text.</summary>
    public static string CostText(long parameters, long multiplyAdds, long bytes) => string.Concat(
        new (long Count, string Unit)[] { (parameters, "parameter"), (multiplyAdds, "multiply-add"), (bytes, "byte") }
        .Where(one => one.Count > 0).Select(one => $"; {Arithmetic.Grouped(one.Count)} {one.Unit}{(one.Count == 1 ? "" : "s")}"));
}

/// <summary>An input or an output.</summary>
/// <param name="Layer">The layer that computes it; an input's own name.</param>
internal sealed record TensorDescription(string Name, Shape Shape, string Layer);

/// <summary>A loss.</summary>
/// <param name="TargetLength">Numbers of one sample's target.</param>
/// <param name="Tensor">The layer whose output it reads.</param>
/// <param name="OutputOffset">Where that output begins in a sample's outputs; null if it is none of them.</param>
/// <param name="Classes">The number of classes; null if targets are values.</param>
/// <param name="Values">The values of its arguments.</param>
/// <param name="Function">The formula of a loss that a project declares, of <c>y</c> and its target <c>t</c>; else empty.</param>
internal sealed record LossDescription(
    Loss Loss, int TargetLength, int TargetOffset, string Tensor, double Weight, int? OutputOffset, int? Classes,
    EquatableArray<ArgumentValue> Values, string Function);

/// <summary>
/// What a network tells its users about itself. A generated class has it as text, a network of run time as objects of the runtime.
/// </summary>
internal sealed class NetworkDescription(NetworkGraph graph)
{
    private readonly HashSet<int> _inferred = graph.Needed(training: false);

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<LayerDescription> Layers { get; } = LayersOf(graph);

    /// <summary>The parameters with the layers that have them, in order.</summary>
    public IEnumerable<(Node Node, ParameterSpec Parameter)> Parameters =>
        graph.Nodes.SelectMany(node => ParametersOf(graph, node).Select(parameter => (node, parameter)));

    public IEnumerable<LossDescription> Losses => graph.Losses.Select(loss =>
    {
        Node node = graph.Nodes[loss.Node];
        NetworkOutput? output = graph.Outputs.FirstOrDefault(one => one.Node == loss.Node);
        return new LossDescription(
            loss.Loss, loss.Loss.TargetLength(node.Shape), loss.TargetOffset, node.Name, loss.Weight,
            output is null ? null : graph.OffsetOf(output), loss.Loss.TakesClasses ? node.Shape.Channels : null, loss.Values,
            loss is { IsDeclared: true, Loss: ElementLoss declared } ? FormulaText.Write(declared.Value).ToString() : "");
    });

    /// <summary>Whether the caller computes the loss.</summary>
    public bool HasExternalLoss => graph.HasExternalLoss;

    /// <summary>Whether inference multiplies integers.</summary>
    public bool Int8 => graph.Settings.Int8;

    public IEnumerable<Shape> InputShapes => graph.Inputs.Select(node => node.Shape);

    public IEnumerable<Shape> OutputShapes => graph.Outputs.Select(output => graph.Nodes[output.Node].Shape);

    /// <summary>The cost of one sample: multiply-adds and elements of its layers.</summary>
    public long SampleCost => Layers.Sum(layer => layer.MultiplyAdds + layer.Node.Shape.Length);

    /// <summary>The bytes of one sample's inputs, in floats.</summary>
    public long InputBytes => InputShapes.Sum(shape => sizeof(float) * (long)shape.Length);

    /// <summary>The inputs; null for one without a name.</summary>
    public IReadOnlyList<TensorDescription>? Inputs
    {
        get
        {
            Node[] inputs = [.. graph.Inputs];
            return inputs.Length == 1 && inputs[0].Name.Length == 0
                ? null : [.. inputs.Select(node => Tensor(node.Name, node))];
        }
    }

    /// <summary>The outputs; null for one without a name that is the last layer of inference.</summary>
    public IReadOnlyList<TensorDescription>? Outputs
    {
        get
        {
            Node? last = graph.Layers.LastOrDefault(node => _inferred.Contains(node.Index));
            bool isLast = graph.Outputs.Count == 1 && graph.Outputs[0].Name.Length == 0
                && SkipParts(graph, graph.Output).Index == last?.Index;
            return isLast ? null
                : [.. graph.Outputs.Select(output => Tensor(output.Name.Length > 0 ? output.Name : "output", graph.Nodes[output.Node]))];
        }
    }

    /// <summary>By which constants the only input is normalised; null if it is not.</summary>
    public (EquatableArray<double> Means, EquatableArray<double> Deviations)? InputNormalization => graph.Inputs.Count() != 1 ? null
        : graph.Nodes.FirstOrDefault(node =>
            node.Operation.ChannelConstants is not null && node.Inputs.Count == 1 && node.Inputs[0] == graph.Input.Index)
            ?.Operation.ChannelConstants;

    /// <summary>The extents of what stands one behind the other in a sample.</summary>
    public static int[] Whole(IEnumerable<Shape> shapes)
    {
        Shape[] all = [.. shapes];
        return all.Length == 1 ? all[0].Extents : [all.Sum(shape => shape.Length)];
    }

    public static EquatableArray<ParameterSpec> ParametersOf(NetworkGraph graph, Node node) =>
        node.Inputs.Count == 0 || node.Owner is not null ? EquatableArray<ParameterSpec>.Empty
            : node.Operation.Parameters(InputOf(graph, node)).Select(parameter => parameter.Whole).ToEquatableArray();

    /// <summary>A layer's node, and those of its parts, which stand right before it.</summary>
    private static IEnumerable<Node> PartsOf(NetworkGraph graph, Node layer)
    {
        yield return layer;
        for (int i = layer.Index - 1; i >= 0 && graph.Nodes[i].PartOf == layer.Name; i--)
        {
            yield return graph.Nodes[i];
        }
    }

    private static LayerDescription[] LayersOf(NetworkGraph graph)
    {
        HashSet<int> inferred = graph.Needed(training: false);
        IReadOnlyList<int[]> fields = Graph.ReceptiveField.Compute(graph);
        Node? before = graph.Inputs.Count() == 1 ? graph.Input : null;
        var layers = new List<LayerDescription>();
        foreach (Node node in graph.Layers)
        {
            layers.Add(new LayerDescription(
                node,
                PartsOf(graph, node).SelectMany(part => ParametersOf(graph, part))
                    .Where(parameter => parameter.Role != ParameterRole.Buffer).Sum(parameter => parameter.Length),
                PartsOf(graph, node).Sum(
                    part => part.Operation.MultiplyAdds([.. part.Inputs.Select(input => graph.Nodes[input].Shape)], part.Shape)),
                fields[node.Index],
                node.IsDeclared ? FunctionOf(node) : "",
                InputsOf(graph, node, before),
                !inferred.Contains(node.Index),
                PartsOf(graph, node).Select(part => part.Owner is { } owner ? graph.Nodes[owner].Layer : node.Name)
                    .FirstOrDefault(owner => owner != node.Name) ?? "",
                node.TiedTo is { } tied ? graph.Nodes[tied].Layer : ""));
            before = node;
        }

        return [.. layers];
    }

    /// <param name="before">What it reads where nothing else is said; null where something has to be said.</param>
    private static string[]? InputsOf(NetworkGraph graph, Node node, Node? before)
    {
        EquatableArray<int> read = node.ReadByParts.Count > 0 ? node.ReadByParts : node.Inputs;
        Node[] inputs = [.. read.Select(input => SkipParts(graph, graph.Nodes[input]))];
        return inputs.Length == 1 && inputs[0].Index == before?.Index ? null : [.. inputs.Select(NameOf)];
    }

    private static string FunctionOf(Node node)
    {
        Expression? value = node.Operation.FormulaOf([new("x"), new("y")], suffix => new Variable("trained." + suffix));
        return value is null ? "" : FormulaText.Write(value).ToString();
    }

    private TensorDescription Tensor(string name, Node node) => new(name, node.Shape, NameOf(SkipParts(graph, node)));

    private static Shape InputOf(NetworkGraph graph, Node node) => graph.Nodes[node.Inputs[0]].Shape;

    private static string NameOf(Node node) => node.Name.Length > 0 ? node.Name : "input";

    /// <summary>What users know as the layer whose output a node is: the padding in front of a layer is a part of that layer.</summary>
    private static Node SkipParts(NetworkGraph graph, Node node) =>
        node.PartOf is null ? node : SkipParts(graph, graph.Nodes[node.Inputs[0]]);
}
