using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Onnx.Model;

namespace Strata.Onnx.Layers;

/// <summary>The layers that were made so far, and how each tensor of the graph is seen in them.</summary>
/// <param name="graph">The graph.</param>
/// <param name="functionName">The name of a number's operator for a formula of the file.</param>
internal sealed class LayerBuilder(OnnxGraph graph, Func<int, string> functionName)
{
    /// <summary>The most axes of a tensor, without the batch, that every layer reads.</summary>
    public const int MostAxes = Compiler.Graph.Shape.VolumeRank;

    private readonly Dictionary<OnnxValue, View> _views = [];
    private readonly HashSet<OnnxValue> _outputs = [.. graph.Outputs];
    private readonly HashSet<LayerTensor> _shared = [];
    private readonly List<Layer?> _layers = [];
    private readonly Dictionary<Layer, int> _places = [];

    public IEnumerable<Layer> Layers => _layers.OfType<Layer>();

    public List<InputTensor> Inputs { get; } = [];

    /// <summary>Operators for formulas of the file that no layer computes.</summary>
    public List<OwnFunction> Functions { get; } = [];

    public List<string> Notes { get; } = [.. graph.Notes];

    /// <summary>Whether the file's inputs have their channels last, which are first here.</summary>
    public bool IsChannelsLast { get; set; }

    public TrainingWarnings Warnings { get; } = new();

    /// <summary>The node that is being translated.</summary>
    public OnnxNode? Node { get; set; }

    /// <summary>How a tensor of the graph is seen.</summary>
    public View ViewOf(OnnxValue value) => _views.TryGetValue(value, out View? view) ? view
        : throw new UnsupportedException($"'{value.Name}' is {(value.Constant is null ? "no tensor of a layer" : "a constant")}");

    public bool IsKnown(OnnxValue value) => _views.ContainsKey(value);

    public void Set(OnnxValue value, View view)
    {
        if (!view.Shape.SequenceEqual(value.Shape))
        {
            throw new InvalidOperationException($"{value} became {string.Join('×', view.Shape)} by {Node}.");
        }

        _views[value] = view;

        // What several layers read must not be changed for the sake of one of them.
        if (value.Readers.Count != 1 || _outputs.Contains(value))
        {
            _shared.Add(view.Tensor is SplitTensor split ? split.Source : view.Tensor);
        }
    }

    /// <summary>The same for a view in whose shape axes of extent 1 may come and go.</summary>
    public void SetReshaped(OnnxValue value, View view) => Set(
        value, view.Reshaped(value.Shape) ?? throw new UnsupportedException("a constant repeats the tensor, which has fewer elements"));

    /// <summary>Says that a value of the graph is a tensor in the usual order: the batch, and then the tensor's axes.</summary>
    public void Set(OnnxValue value, LayerTensor tensor) => Set(value, View.Standard(tensor));

    /// <summary>Whether something else reads the tensor, too, so that it has to stay as it is.</summary>
    public bool IsShared(LayerTensor tensor) => _shared.Contains(tensor);

    /// <summary>Adds a layer. The keys of the constants that become its parameters say where it stands.</summary>
    public Layer Add(
        string kind, IReadOnlyList<LayerTensor> inputs, IReadOnlyList<LayerArgument>? arguments = null,
        IReadOnlyList<LayerParameter>? parameters = null, params IEnumerable<OnnxConstant?> constants)
    {
        inputs = [.. inputs.Select(input => input is SplitTensor split ? split.Whole(this) : input)];
        OnnxConstant?[] read = [.. constants];
        string path = Node is null ? "" : ModulePath.Find(Node, read);

        // A function of the network's own keeps the shape.
        Layer layer = Functions.Exists(function => function.Kind == kind) ? new(kind, inputs, inputs[0].Shape) { Path = path }
            : LayerMaker.Make(kind, inputs, arguments ?? [], parameters ?? [], path);
        if (Node is { } node && layer is { IsFrozen: false, Parameters.Count: > 0 })
        {
            read.OfType<OnnxConstant>().ToList().ForEach(constant => Warnings.Reads(node, constant));
        }

        _places.Add(layer, _layers.Count);
        _layers.Add(layer);
        return layer;
    }

    public Layer Add(
        string kind, LayerTensor input, IReadOnlyList<LayerArgument>? arguments = null,
        IReadOnlyList<LayerParameter>? parameters = null, params IEnumerable<OnnxConstant?> constants) =>
        Add(kind, [input], arguments, parameters, constants);

    /// <summary>The operator for a formula. Those that are the same share it.</summary>
    public string FunctionOf(string statements, Expression formula)
    {
        if (Functions.Find(function => function.Statements == statements) is { Kind: { } known })
        {
            return known;
        }

        Functions.Add(new OwnFunction(functionName(Functions.Count + 1), statements, formula));
        return Functions[^1].Kind;
    }

    /// <summary>Puts a layer in the place of another one, which nothing reads yet.</summary>
    public Layer Replace(Layer old, Layer layer)
    {
        int place = _places[old];
        _places.Remove(old);
        _places.Add(layer, place);
        _layers[place] = layer;
        return layer;
    }

    /// <summary>Takes a layer away, which nothing reads any more.</summary>
    public void Remove(Layer layer)
    {
        _layers[_places[layer]] = null;
        _places.Remove(layer);
    }

    /// <summary>
    /// The tensor in the graph's own order, without the batch. It is transposed and reshaped by layers where it has to be.
    /// </summary>
    public LayerTensor Standard(OnnxValue value) => Standard(ViewOf(value), value.Shape);

    public LayerTensor Standard(View view, IReadOnlyList<int> shape)
    {
        if (shape.Count == 0 || shape[0] != 1)
        {
            throw new UnsupportedException($"the first axis of {string.Join('×', shape)} is not the batch");
        }

        int[] sample = [.. shape.Skip(1)];
        return Shaped(Ordered(view, view.Axes), sample.Length == 0 ? [1] : sample);
    }

    /// <summary>The tensor with its axes in an order; axes of extent 1 stand anywhere, and −1 stands for no axis.</summary>
    public LayerTensor Ordered(View view, IEnumerable<int> order)
    {
        LayerTensor tensor = view.Tensor;
        if (IsInOrder(view, order))
        {
            return tensor;
        }

        int[] moving = Moving(view, order);

        // Axes of extent 1 go last.
        int[] permutation = [.. moving, .. Enumerable.Range(0, tensor.Shape.Count).Except(moving)];
        return Add("Transpose", tensor, [.. permutation.Select(axis => new LayerArgument(null, axis + 1))]);
    }

    /// <summary>Whether the axes of the tensor are in this order already.</summary>
    public static bool IsInOrder(View view, IEnumerable<int> order)
    {
        int[] moving = Moving(view, order);
        return moving.Zip(moving.Skip(1), (one, next) => one < next).All(rises => rises);
    }

    private static int[] Moving(View view, IEnumerable<int> order) =>
        [.. order.Where(axis => axis >= 0 && view.Tensor.Shape[axis] != 1)];

    /// <summary>The tensor in another shape with the same elements in the same order.</summary>
    public LayerTensor Shaped(LayerTensor tensor, IReadOnlyList<int> shape)
    {
        tensor = tensor is SplitTensor split ? split.Source : tensor;
        if (tensor.Shape.SequenceEqual(shape))
        {
            return tensor;
        }

        if (shape.Count > Compiler.Graph.Shape.MostAxes)
        {
            throw TooManyAxes(shape);
        }

        return shape.Count == 1
            ? Add("Flatten", tensor)
            : Add("Reshape", tensor, [.. shape.Select(extent => new LayerArgument(null, extent))]);
    }

    /// <summary>What is said of a tensor with more axes than one of layers has.</summary>
    public static UnsupportedException TooManyAxes(IReadOnlyList<int> shape) =>
        new($"{string.Join('×', shape)} has {shape.Count} axes; a tensor has at most {Compiler.Graph.Shape.MostAxes}");
}
