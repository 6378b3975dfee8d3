using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Operators;
using Strata.Onnx.Model;

namespace Strata.Onnx.Layers;

/// <summary>A network as layers of Strata's language: what a class says, without names of layers and without blocks.</summary>
internal sealed record LayerGraph
{
    public required IReadOnlyList<InputTensor> Inputs { get; init; }

    /// <summary>The layers; each stands behind those that it reads.</summary>
    public required IReadOnlyList<Layer> Layers { get; init; }

    /// <summary>The outputs with their names in the file.</summary>
    public required IReadOnlyList<(string Name, LayerTensor Tensor)> Outputs { get; init; }

    /// <summary>The sizes of the input that the class declares; null for one size.</summary>
    public SizeProduct? Sizes { get; init; }

    /// <summary>A loss such as <c>CrossEntropy</c> behind the last layer, or null.</summary>
    public string? Loss { get; init; }

    /// <summary>Layers that have the same parameters: one of each group has them, and the others name it.</summary>
    public IReadOnlyList<IReadOnlyList<Layer>> Shared { get; init; } = [];

    /// <summary>Operators of the network's own.</summary>
    public IReadOnlyList<OwnFunction> Functions { get; init; } = [];

    /// <summary>Sentences for the class's comment: the producer, the operator set, what was folded.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Sentences on what the layers do not say of the file's network though training depends on it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>What layers read: an input, or another layer's output.</summary>
/// <param name="shape">The extents of one sample, without the batch, in Strata's order.</param>
internal abstract class LayerTensor(IReadOnlyList<int> shape)
{
    public IReadOnlyList<int> Shape { get; } = shape;
}

/// <summary>An input of the network.</summary>
internal sealed class InputTensor(string name, IReadOnlyList<int> shape) : LayerTensor(shape)
{
    /// <summary>Its name in the file.</summary>
    public string Name { get; } = name;

    /// <summary>For each axis the one of the file's input. The file's batch does not count.</summary>
    public IReadOnlyList<int> FileAxes { get; init; } = [.. Enumerable.Range(0, shape.Count)];
}

/// <summary>A layer, and the tensor that it computes.</summary>
internal sealed class Layer(string kind, IReadOnlyList<LayerTensor> inputs, IReadOnlyList<int> shape) : LayerTensor(shape)
{
    /// <summary>The attribute's name without its suffix: <c>Conv2D</c>.</summary>
    public string Kind { get; } = kind;

    /// <summary>What it reads: one tensor, or several in order for a join such as <c>Add</c>.</summary>
    public IReadOnlyList<LayerTensor> Inputs { get; } = inputs;

    /// <summary>Positional arguments first. Arguments that equal the attribute's default are left out.</summary>
    public IReadOnlyList<LayerArgument> Arguments { get; init; } = [];

    /// <summary>What the compiler makes of it; null for an operator of the network's own.</summary>
    public LayerResult? Made { get; init; }

    /// <summary>Its parameters in the order of the language.</summary>
    public IReadOnlyList<LayerParameter> Parameters { get; init; } = [];

    /// <summary>
    /// Where it stands in the module that was exported, such as <c>layer1.0.conv1</c>: from the keys of its parameters, else from the names
    /// of its nodes; empty if neither says it.
    /// </summary>
    public string Path { get; init; } = "";

    /// <summary>The layer whose weight it uses in the opposite direction; null if its weight is its own.</summary>
    public Layer? TiedTo { get; set; }

    /// <summary>Its parameters without those of the layer to which it is tied.</summary>
    public IEnumerable<LayerParameter> OwnParameters =>
        TiedTo is null ? Parameters : Parameters.Where(parameter => parameter.Suffix != "weight");

    /// <summary>Whether it joins branches, and so may stand behind <c>[Branch]</c>es.</summary>
    public bool IsJoin => Inputs.Count > 1;

    /// <summary>Whether its tensor is the same for all samples. It reads nothing, and stands behind its input.</summary>
    public bool IsSource => Made is { Operation.IsSource: true };

    /// <summary>Whether training leaves it as it is.</summary>
    public bool IsFrozen => Kind == "Buffer" || Arguments.Any(argument => argument is { Name: "Frozen", Value: true });

    /// <summary>The same layer with other inputs of the same shapes, or other parameters.</summary>
    public Layer With(IReadOnlyList<LayerTensor>? inputs = null, IReadOnlyList<LayerParameter>? parameters = null) =>
        new(Kind, inputs ?? Inputs, Shape) { Arguments = Arguments, Made = Made, Parameters = parameters ?? Parameters, Path = Path };

    public override string ToString() => $"{Kind}({string.Join(", ", Arguments)}) {Path}: {string.Join('×', Shape)}";
}

/// <summary>An argument of an attribute.</summary>
/// <param name="Name">The property's name; null for a positional argument.</param>
/// <param name="Value">
/// An <see cref="int"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, a value of an enum, an array of doubles, or the
/// layer that the argument names.
/// </param>
internal sealed record LayerArgument(string? Name, object Value);

/// <summary>A parameter of a layer.</summary>
/// <param name="Suffix">What its key ends with: <c>weight</c>, <c>running_mean</c>. Empty if the layer's name is the whole key.</param>
/// <param name="Shape">Strata's shape.</param>
/// <param name="Values">Its values.</param>
/// <param name="Key">The key in the file, such as <c>layer1.0.conv1.weight</c>; empty if it has none.</param>
internal sealed record LayerParameter(string Suffix, IReadOnlyList<int> Shape, ParameterValues Values, string Key)
{
    /// <summary>A parameter with the key and the origin of a constant.</summary>
    public LayerParameter(string suffix, IReadOnlyList<int> shape, ParameterValues values, OnnxConstant constant)
        : this(suffix, shape, values, constant.Key) => Origin = () => constant.Origin;

    /// <summary>What tells from which initializers its values come: the key, unless they are computed. Empty if nothing tells.</summary>
    public Func<string> Origin { get; init; } = () => Key;
}

/// <summary>Computes the values of a parameter when the weights are written.</summary>
internal delegate float[] ParameterValues();
