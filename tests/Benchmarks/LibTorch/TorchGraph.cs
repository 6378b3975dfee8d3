using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Nodes;
using static TorchSharp.torch;
using TorchParameter = TorchSharp.Modules.Parameter;

namespace Strata.Benchmarks.LibTorch;

/// <summary>The layers that the losses need, in order, each as a call of libtorch.</summary>
internal sealed class TorchGraph
{
    private readonly List<(Func<Tensor[], Tensor> Layer, string[] Inputs, string Name)> _calls = [];
    private readonly string _input;

    /// <exception cref="NotSupportedException">libtorch has no form here for one of its layers.</exception>
    public TorchGraph(CompiledNetwork network, ScalarType type)
    {
        var graph = new SavedGraph(network.Info);
        _input = network.Info.Inputs[0].Layer;
        Losses = [.. network.Info.Losses.Select(loss => TorchLoss.From(loss, graph))];
        var needed = Losses.Select(loss => loss.Layer).ToHashSet(StringComparer.Ordinal);
        foreach (SavedLayer layer in graph.Layers.Reverse().Where(layer => needed.Contains(layer.Name)))
        {
            needed.UnionWith(layer.Inputs);
        }

        Dictionary<string, Tensor> parameters = network.Parameters.ToDictionary(one => one.Key, one => Copy(one, type), StringComparer.Ordinal);
        SavedLayer[] layers = [.. graph.Layers.Where(layer => needed.Contains(layer.Name))];
        ILookup<string, string> readers = layers
            .SelectMany(layer => layer.Inputs.Select(input => (input, layer.Name)))
            .Concat(Losses.Select(loss => (input: loss.Layer, Name: "")))
            .ToLookup(read => read.input, read => read.Name, StringComparer.Ordinal);
        foreach (SavedLayer layer in layers)
        {
            Dictionary<string, Tensor> own =
                layer.Parameters.ToDictionary(one => one.Key, one => parameters[one.Value.Key], StringComparer.Ordinal);
            bool inPlace = readers[layer.Inputs[0]].Count() == 1 && TorchLayers.SavesInputOnly(graph.Find(layer.Inputs[0])?.Kind);
            _calls.Add((TorchLayers.Of(layer, own, inPlace), [.. layer.Inputs], layer.Name));
        }

        Parameters = [.. network.Parameters.Select(one => parameters[one.Key])];
        Trained = [.. Parameters.OfType<TorchParameter>()];
    }

    public IReadOnlyList<TorchLoss> Losses { get; }

    /// <summary>All of the network's parameters, in its order.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>Those with gradients: not the running statistics.</summary>
    public IReadOnlyList<TorchParameter> Trained { get; }

    /// <summary>What the losses read.</summary>
    public Tensor[] Forward(Tensor input)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [_input] = input };
        foreach ((Func<Tensor[], Tensor> layer, string[] inputs, string name) in _calls)
        {
            tensors[name] = layer(Array.ConvertAll(inputs, one => tensors[one]));
        }

        return [.. Losses.Select(loss => tensors[loss.Layer])];
    }

    private static Tensor Copy(Parameter parameter, ScalarType type)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        Tensor copy = tensor(values, [.. parameter.Shape.Select(extent => (long)extent)], type);
        return parameter.IsTrainable ? new TorchParameter(copy) : copy;
    }
}
