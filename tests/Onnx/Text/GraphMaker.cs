using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Tests;

/// <summary>Makes graphs of layers as translation does, with shapes and keys.</summary>
internal sealed class GraphMaker
{
    private readonly List<InputTensor> _inputs = [];
    private readonly List<Layer> _layers = [];
    private readonly List<(string, LayerTensor)> _outputs = [];

    /// <summary>Whether parameters have keys. Exporters lose them when they fold batch norm.</summary>
    public bool HasKeys { get; init; } = true;

    /// <summary>Whether layers know where they stood in the module.</summary>
    public bool HasPaths { get; init; } = true;

    public LayerTensor Input(string name, params int[] shape)
    {
        var input = new InputTensor(name, shape);
        _inputs.Add(input);
        return input;
    }

    public void Output(string name, LayerTensor tensor) => _outputs.Add((name, tensor));

    public LayerGraph Graph(string? loss = null) => new()
    {
        Inputs = _inputs,
        Layers = _layers,
        Outputs = _outputs,
        Loss = loss,
        Notes = ["Written by PyTorch 2.1, operator set 17."],
    };

    public LayerTensor Conv(
        LayerTensor x, string path, int filters, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = false)
    {
        int Extent(int extent) => ((extent + (2 * padding) - kernel) / stride) + 1;
        List<LayerParameter> parameters = [Parameter(path, "weight", filters, x.Shape[0] / groups, kernel, kernel)];
        if (bias)
        {
            parameters.Add(Parameter(path, "bias", filters));
        }

        return Add(
            "Conv2D", [x], [filters, Extent(x.Shape[1]), Extent(x.Shape[2])], path, parameters,
            (null, filters), (null, kernel), ("Stride", Unless(stride, 1)), ("Padding", Unless(padding, 0)), ("Groups", Unless(groups, 1)),
            ("Bias", bias ? null : false));
    }

    public LayerTensor Up(LayerTensor x, string path, int filters) => Add(
        "ConvTranspose2D", [x], [filters, 2 * x.Shape[1], 2 * x.Shape[2]], path,
        [Parameter(path, "weight", x.Shape[0], filters, 2, 2), Parameter(path, "bias", filters)],
        (null, filters), (null, 2), ("Stride", 2));

    public LayerTensor Norm(LayerTensor x, string path, double epsilon = 1e-5)
    {
        string[] suffixes = ["weight", "bias", "running_mean", "running_var"];
        return Add(
            "BatchNorm", [x], x.Shape, path, [.. suffixes.Select(suffix => Parameter(path, suffix, x.Shape[0]))],
            ("Epsilon", epsilon == 1e-5 ? null : epsilon));
    }

    public LayerTensor Dense(LayerTensor x, string path, int units) => Add(
        "Dense", [x], [units], path, [Parameter(path, "weight", units, x.Shape[0]), Parameter(path, "bias", units)], (null, units));

    public LayerTensor ReLU(LayerTensor x, string path = "") => Add("ReLU", [x], x.Shape, path, []);

    public LayerTensor Activation(string kind, LayerTensor x, string path = "") => Add(kind, [x], x.Shape, path, []);

    public LayerTensor MaxPool(LayerTensor x, int kernel, int stride = 0, int padding = 0, bool ceil = false)
    {
        int step = stride == 0 ? kernel : stride;
        int Extent(int extent) => ((extent + (2 * padding) - kernel + (ceil ? step - 1 : 0)) / step) + 1;
        return Add("MaxPool2D", [x], [x.Shape[0], Extent(x.Shape[1]), Extent(x.Shape[2])], "", [],
            (null, kernel), ("Stride", stride == 0 ? null : stride), ("Padding", Unless(padding, 0)), ("CeilMode", ceil ? true : null));
    }

    public LayerTensor AveragePool(LayerTensor x, int kernel) =>
        Add("AveragePool2D", [x], [x.Shape[0], x.Shape[1] / kernel, x.Shape[2] / kernel], "", [], (null, kernel));

    public LayerTensor GlobalPool(LayerTensor x) => Add("AdaptiveAveragePool2D", [x], [x.Shape[0], 1, 1], "", [], (null, 1));

    public LayerTensor Flatten(LayerTensor x) => Add("Flatten", [x], [x.Shape.Aggregate(1, (product, extent) => product * extent)], "", []);

    public LayerTensor Sum(params LayerTensor[] inputs) => Add("Add", inputs, inputs[0].Shape, "", []);

    public LayerTensor Product(params LayerTensor[] inputs) => Add("Multiply", inputs, inputs[0].Shape, "", []);

    public LayerTensor Concat(params LayerTensor[] inputs) => Add(
        "Concat", inputs, [inputs.Sum(input => input.Shape[0]), .. inputs[0].Shape.Skip(1)], "", []);

    public LayerTensor Add(
        string kind, IReadOnlyList<LayerTensor> inputs, IReadOnlyList<int> shape, string path,
        IReadOnlyList<LayerParameter> parameters, params (string? Name, object? Value)[] arguments)
    {
        var layer = new Layer(kind, inputs, shape)
        {
            Arguments =
            [
                .. arguments.Where(argument => argument.Value is not null)
                    .Select(argument => new LayerArgument(argument.Name, argument.Value!)),
            ],
            Parameters = parameters,
            Path = HasPaths ? path : "",
        };
        _layers.Add(layer);
        return layer;
    }

    public LayerParameter Parameter(string path, string suffix, params int[] shape) => new(
        suffix, shape, () => new float[shape.Aggregate(1, (product, extent) => product * extent)],
        HasKeys ? $"{path}.{suffix}" : suffix is "weight" or "bias" ? "onnx::Conv_" + (100 + _layers.Count) : "");

    private static int? Unless(int value, int @default) => value == @default ? null : value;
}
