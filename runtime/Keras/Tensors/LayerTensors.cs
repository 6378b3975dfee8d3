using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>
/// The weights of a Keras layer as PyTorch has them: names, order of axes, gates and features. Keras' shapes are those of its layers'
/// <c>build</c> methods; PyTorch's are in the documentation of the layers' attributes.
/// </summary>
internal sealed class LayerTensors
{
    private const string Weight = "weight", Bias = "bias", Kernel = "kernel";
    private const int LstmGates = 4, GruGates = 3;

    /// <summary>In which order PyTorch has Keras' gates z, r and h.</summary>
    private static readonly int[] GruOrder = [1, 0, 2];

    private readonly KerasLayer _layer;
    private readonly LayerPlan _plan;
    private readonly Func<Hdf5Array, byte[]> _read;
    private readonly Dictionary<string, KerasWeight> _weights;
    private readonly List<KerasTensor> _tensors = [];

    private LayerTensors(KerasLayer layer, LayerPlan plan, Func<Hdf5Array, byte[]> read)
    {
        (_layer, _plan, _read) = (layer, plan, read);
        _weights = WeightNames.Of(layer, plan.Kind);
    }

    /// <summary>The tensors, whose names are keys without the layer's.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="plan">What it computes.</param>
    /// <param name="read">Reads the bytes of an array.</param>
    /// <exception cref="DamagedFileException">It has other weights than such a layer has.</exception>
    public static List<KerasTensor> Of(KerasLayer layer, LayerPlan plan, Func<Hdf5Array, byte[]> read)
    {
        var tensors = new LayerTensors(layer, plan, read);
        tensors.AddAll();
        return tensors._weights.Count == 0 ? tensors._tensors
            : throw tensors.Unfit($"{tensors._weights.Keys.First()} has no counterpart in such a layer");
    }

    private void AddAll()
    {
        switch (_plan.Kind)
        {
            case WeightKind.Convolution:
                AddConvolution();
                break;
            case WeightKind.Depthwise:
                AddDepthwise();
                break;
            case WeightKind.Dense:
                AddDense();
                break;
            case WeightKind.BatchNorm:
                AddBatchNorm();
                break;
            case WeightKind.Norm:
                AddScaleAndShift();
                break;
            case WeightKind.Slopes:
                AddSlopes();
                break;
            case WeightKind.Embedding:
                Add(Weight, Take("embeddings", 2));
                break;
            case WeightKind.LSTM or WeightKind.GRU:
                AddRecurrent();
                break;
            case WeightKind.Attention:
                AddAttention();
                break;
            case WeightKind.Scale:
                AddScale();
                break;
        }
    }

    // (extents of the kernel, in, out) → (out, in, extents), and transposed (extents, out, in) → (in, out, extents).
    private void AddConvolution()
    {
        ArrayView kernel = Take(Kernel, 3, 5);
        int last = kernel.Shape.Length - 1;
        Add(Weight, kernel.Transpose([last, last - 1, .. Enumerable.Range(0, last - 1)]));
        AddFeatures(Bias, Bias, _plan.Output, isOptional: true);
    }

    // (extents, channels, multiplier) → (channels · multiplier, 1, extents)
    private void AddDepthwise()
    {
        ArrayView kernel = Take(_weights.ContainsKey(Kernel) ? Kernel : "depthwise_kernel", 3, 5);
        int last = kernel.Shape.Length - 1;
        ArrayView moved = kernel.Transpose([last - 1, last, .. Enumerable.Range(0, last - 1)]);
        Add(Weight, [moved.Shape[0] * moved.Shape[1], 1, .. moved.Shape[2..]], [moved]);
        AddFeatures(Bias, Bias, _plan.Output, isOptional: true);
    }

    private void AddDense()
    {
        ArrayView kernel = Take(Kernel, 2);
        long inputs = kernel.Shape[0], outputs = kernel.Shape[1];
        ArrayView view = kernel.Transpose(1, 0);
        if (_plan.Input > 0)
        {
            view = Divisible(inputs, _plan.Input) ? view.ChannelsFirst(1, _plan.Input) : throw Unfit(
                $"{inputs} inputs cannot be those of a flattened tensor of {_plan.Input} channels");
        }

        if (_plan.Output > 0)
        {
            view = Divisible(outputs, _plan.Output) ? view.ChannelsFirst(0, _plan.Output) : throw Unfit(
                $"{outputs} outputs cannot become a tensor of {_plan.Output} channels");
        }

        Add(Weight, [outputs, inputs], [view]);
        AddFeatures(Bias, Bias, _plan.Output, isOptional: true);
    }

    private void AddBatchNorm()
    {
        // Strata's layer has both or none. Without gamma Keras multiplies by 1, and without beta it adds 0.
        AddScaleAndShift();
        AddFeatures("moving_mean", "running_mean", _plan.Input);
        AddFeatures("moving_variance", "running_var", _plan.Input);
    }

    private void AddScaleAndShift()
    {
        if ((_weights.GetValueOrDefault("gamma") ?? _weights.GetValueOrDefault("beta")) is { } known)
        {
            long[] shape = known.Array.Shape;
            AddOr("gamma", Weight, 1);
            AddOr("beta", Bias, 0);

            void AddOr(string name, string key, float fill)
            {
                if (_weights.ContainsKey(name))
                {
                    AddFeatures(name, key, _plan.Input);
                }
                else
                {
                    _tensors.Add(Filled(key, shape.Length == 0 ? [] : [shape[^1], .. shape[..^1]], fill));
                }
            }
        }
    }

    private void AddSlopes()
    {
        ArrayView alpha = Take("alpha", 1, 4);
        long[] shape = alpha.Shape;
        if (shape[..^1].Any(extent => extent != 1))
        {
            throw Unfit("slopes of each place by itself have no counterpart; shared_axes makes one slope for each channel");
        }

        ArrayView flat = new(alpha.Array, new TensorLayout(0, [shape[^1]], [1]));
        Add(Weight, [shape[^1]], [Ordered(flat, _plan.Input)]);
    }

    // Its name differs between versions of Keras.
    private void AddScale() => AddFeatures(
        _weights.Count == 1 ? _weights.Keys.Single() : throw Unfit("one weight is expected"), Weight, _plan.Input);

    private void AddRecurrent()
    {
        CheckGates();
        int gates = _plan.Kind == WeightKind.LSTM ? LstmGates : GruGates;
        int[] order = _plan.Kind == WeightKind.LSTM ? [0, 1, 2, 3] : GruOrder;
        foreach ((string part, string suffix) in _weights.Keys.Any(name => name.StartsWith("forward/", StringComparison.Ordinal))
            ? new[] { ("forward/", ""), ("backward/", "_reverse") } : [("", "")])
        {
            ArrayView kernel = Take(part + Kernel, 2), state = Take(part + "recurrent_kernel", 2);
            long units = state.Shape[0];
            if (kernel.Shape[1] != gates * units || state.Shape[1] != gates * units)
            {
                throw Unfit($"kernels of {gates} gates of {units} units are expected");
            }

            ArrayView[] Gates(ArrayView view, int axis) => [.. order.Select(gate => view.Slice(axis, gate * units, units))];
            Add($"weight_ih_l0{suffix}", [gates * units, kernel.Shape[0]], [.. Gates(kernel, 1).Select(gate => gate.Transpose(1, 0))]);
            Add($"weight_hh_l0{suffix}", [gates * units, units], [.. Gates(state, 1).Select(gate => gate.Transpose(1, 0))]);
            if (_weights.ContainsKey(part + Bias))
            {
                AddBiases(part, suffix, gates * units, view => Gates(view, view.Shape.Length - 1));
            }
        }
    }

    /// <summary>What weights do not show: a configuration may tell that the layer computes something else.</summary>
    private void CheckGates()
    {
        foreach ((string setting, string expected) in new[]
        {
            ("activation", "tanh"), ("recurrent_activation", "sigmoid"), ("reset_after", "True"), ("go_backwards", "False"),
            ("merge_mode", "concat"),
        })
        {
            if (_layer.Config?[setting] is { } found && found != expected)
            {
                throw Unfit($"its {setting} is {MessageText.Show(found)}, and that of Strata's layer is {expected}");
            }
        }

        if (_plan.Kind == WeightKind.GRU && _layer.Config?["reset_after"] is null
            && !_weights.Keys.Any(name => name.EndsWith(Bias, StringComparison.Ordinal)))
        {
            throw Unfit("without biases, the file does not tell whether reset_after is True, as in Strata's layer; a .keras file does");
        }
    }

    private void AddBiases(string part, string suffix, long rows, Func<ArrayView, ArrayView[]> gates)
    {
        ArrayView bias = Take(part + Bias, 1, 2);
        bool isDouble = bias.Shape.Length == 2;
        if (bias.Shape[^1] != rows || (isDouble && bias.Shape[0] != 2))
        {
            throw Unfit($"biases of {rows} elements are expected");
        }

        if (isDouble != (_plan.Kind == WeightKind.GRU))
        {
            throw Unfit("with reset_after = False, or two biases of an LSTM, it computes something else than Strata's layer");
        }

        if (isDouble)
        {
            Add($"bias_ih_l0{suffix}", [rows], gates(bias.Slice(0, 0, 1)));
            Add($"bias_hh_l0{suffix}", [rows], gates(bias.Slice(0, 1, 1)));
        }
        else
        {
            Add($"bias_ih_l0{suffix}", [rows], gates(bias));
            _tensors.Add(Filled($"bias_hh_l0{suffix}", [rows], 0));
        }
    }

    // (features, heads, extent) → (heads · extent, features); out: (heads, extent, features) → (features, heads · extent).
    private void AddAttention()
    {
        string[] parts = ["query", "key", "value"];
        ArrayView[] kernels = [.. parts.Select(part => Take($"{part}/{Kernel}", 3))];
        ArrayView last = Take($"attention_output/{Kernel}", 3);
        long features = last.Shape[2], heads = last.Shape[0], extent = last.Shape[1];
        if (heads * extent != features || (_plan.Heads > 0 && heads != _plan.Heads)
            || kernels.Any(kernel => !kernel.Shape.SequenceEqual([features, heads, extent])))
        {
            throw Unfit(_plan.Heads > 0 && heads != _plan.Heads ? $"{_plan.Heads} heads are expected"
                : "heads whose features together are those of a token are expected, the same for queries, keys and values");
        }

        Add("in_proj_weight", [3 * features, features], [.. kernels.Select(kernel => kernel.Transpose(1, 2, 0))]);
        if (_weights.ContainsKey($"query/{Bias}"))
        {
            Add("in_proj_bias", [3 * features], [.. parts.Select(part => Take($"{part}/{Bias}", 2))]);
        }

        Add("out_proj.weight", [features, features], [last.Transpose(2, 0, 1)]);
        if (_weights.ContainsKey($"attention_output/{Bias}"))
        {
            Add("out_proj.bias", Take($"attention_output/{Bias}", 1));
        }
    }

    /// <summary>
    /// A number for each feature, or for each element along several axes: (extents, channels) → (channels, extents).
    /// </summary>
    private void AddFeatures(string name, string key, long channels, bool isOptional = false)
    {
        if (!isOptional || _weights.ContainsKey(name))
        {
            ArrayView view = Take(name, 1, 4);
            int last = view.Shape.Length - 1;
            ArrayView moved = last == 0 ? Ordered(view, channels) : view.Transpose([last, .. Enumerable.Range(0, last)]);
            Add(key, last == 0 ? view.Shape : moved.Shape, [moved]);
        }
    }

    /// <summary>Features in PyTorch's order.</summary>
    private ArrayView Ordered(ArrayView features, long channels) =>
        channels == 0 ? features
            : Divisible(features.Shape[0], channels) ? features.ChannelsFirst(0, channels)
            : throw Unfit($"{features.Shape[0]} features cannot be those of a flattened tensor of {channels} channels");

    private static bool Divisible(long count, long channels) => count % channels == 0;

    private ArrayView Take(string name, int least, int most = 0)
    {
        if (!_weights.Remove(name, out KerasWeight? weight))
        {
            throw Unfit($"it has no {name}");
        }

        int axes = weight.Array.Shape.Length;
        return axes < least || axes > int.Max(least, most) ? throw Unfit(
            $"{name} has {axes} axes, where {(most > least ? $"{least} to {most}" : least)} are expected") : ArrayView.Of(weight.Array);
    }

    private void Add(string key, ArrayView view) => Add(key, view.Shape, [view]);

    private void Add(string key, long[] shape, IReadOnlyList<ArrayView> pieces)
    {
        KerasWeight[] sources = [.. _layer.Weights.Where(weight => pieces.Any(piece => ReferenceEquals(piece.Array, weight.Array)))];
        ElementType type = sources[0].Type ?? throw new DamagedFileException(
            $"its numbers have none of the types {Hdf5Type.Known}.", $"{_layer.Name}.{key}");
        _tensors.Add(Array.TrueForAll(sources, source => source.Type == type) ? new KerasTensor(key, type, shape, pieces, _read)
            : throw Unfit("its weights have several types of numbers"));
    }

    private KerasTensor Filled(string key, long[] shape, float fill) => new(key, ElementType.F32, shape, [], _read) { Fill = fill };

    private DamagedFileException Unfit(string problem) => new(
        $"the file's layer {_layer} does not fit a layer of the kind {_plan.Kind}: {problem}.");
}
