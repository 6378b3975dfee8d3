using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>
/// The order of features along a network. Keras counts the elements of an image as rows, columns and channels; Strata and PyTorch as
/// channels, rows and columns. So where a tensor is flattened, and where features become one, the features of the layers around it have
/// another order.
/// </summary>
internal sealed class FeatureOrders
{
    /// <summary>
    /// Layers whose features are those that they read, each computed in the same way. A test compares them with the catalogue.
    /// </summary>
    public static readonly IReadOnlySet<string> Unchanged = new HashSet<string>(StringComparer.Ordinal)
    {
        "Abs", "Affine", "BatchNorm", "CELU", "Clip", "Dropout", "ELU", "Exp", "GELU", "HardSigmoid", "HardSwish", "Hardtanh", "LeakyReLU",
        "LogSigmoid", "LogSoftmax", "Mish", "PReLU", "Pow", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softmax", "Softplus", "Softsign",
        "Sqrt", "Tanh", "Threshold",
    };

    // The order is Keras' own, and one that nobody knows.
    private const long Same = 0, Unknown = -1;

    // Channels that have become planes of a volume of one channel. Only what makes them channels again gives their order back.
    private const long Planes = -2;

    private readonly Dictionary<string, long> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _culprits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<int>> _shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LayerInfo> _layers = new(StringComparer.Ordinal);

    // Layers whose features become a tensor of so many channels.
    private readonly Dictionary<string, long> _becoming = new(StringComparer.Ordinal);

    /// <summary>Looks at a network.</summary>
    public FeatureOrders(NetworkInfo network)
    {
        foreach (TensorInfo input in network.Inputs)
        {
            _shapes[input.Layer] = input.Shape;
        }

        string before = network.Inputs[0].Layer;
        foreach (LayerInfo layer in network.Layers)
        {
            _inputs[layer.Name] = layer.Inputs.Count > 0 ? layer.Inputs : [before];
            (_shapes[layer.Name], _layers[layer.Name]) = (layer.OutputShape, layer);
            before = layer.Name;
        }

        foreach (LayerInfo layer in network.Layers.Where(one => one.Kind == "Reshape"))
        {
            FollowBack(layer);
        }

        foreach (LayerInfo layer in network.Layers)
        {
            (_orders[layer.Name], string culprit) = OrderOf(layer);
            _culprits[layer.Name] = culprit;
        }
    }

    /// <summary>The layers that a layer reads.</summary>
    public IReadOnlyList<string> InputsOf(string layer) => _inputs[layer];

    /// <summary>
    /// The channels of the tensors that were flattened before a layer and that its features become behind it; 0 where the order is the
    /// same.
    /// </summary>
    /// <exception cref="DamagedFileException">It cannot be decided.</exception>
    public (long Input, long Output) Of(LayerInfo layer)
    {
        IReadOnlyList<string> inputs = _inputs[layer.Name];
        string? culprit = inputs.FirstOrDefault(input => _orders.GetValueOrDefault(input) < Same) is { } unknown ? _culprits[unknown]
            : _becoming.GetValueOrDefault(layer.Name) == Unknown ? layer.Name : null;
        if (culprit is not null)
        {
            throw new DamagedFileException($"the order that the features of '{layer.Name}' ([{layer.Kind}]) have in Keras cannot be "
                + $"decided: '{culprit}' ([{_layers[culprit].Kind}]) changes it.");
        }

        long before = inputs.Count == 1 ? _orders.GetValueOrDefault(inputs[0]) : Same;
        return IsFlat(layer) ? (before, layer.Kind == "Dense" ? _becoming.GetValueOrDefault(layer.Name) : before) : (Same, Same);
    }

    /// <summary>Finds the dense layer whose features a layer makes a tensor of.</summary>
    private void FollowBack(LayerInfo layer)
    {
        if (layer.OutputShape.Count == 1 || Channels(layer.OutputShape) == Same)
        {
            return;
        }

        string name = _inputs[layer.Name][0];
        while (_layers.TryGetValue(name, out LayerInfo? before) && Unchanged.Contains(before.Kind) && IsFlat(before))
        {
            name = _inputs[name][0];
        }

        if (_layers.TryGetValue(name, out LayerInfo? dense) && dense.Kind == "Dense" && IsFlat(dense))
        {
            // Two tensors of different channels cannot be made of the same features.
            long channels = Channels(layer.OutputShape);
            _becoming[name] = _becoming.TryGetValue(name, out long other) && other != channels ? Unknown : channels;
        }
    }

    private (long Order, string Culprit) OrderOf(LayerInfo layer)
    {
        IReadOnlyList<string> inputs = _inputs[layer.Name];
        IReadOnlyList<int> from = _shapes[inputs[0]], to = layer.OutputShape;
        if (inputs.FirstOrDefault(input => Order(input) < Same) is { } culprit)
        {
            return (Order(culprit) == Planes ? BehindPlanes(layer.Kind, from, to) : Unknown, _culprits[culprit]);
        }

        long before = Order(inputs[0]);
        long order = layer.Kind switch
        {
            "Flatten" or "Reshape" when to.Count == 1 => from.Count == 1 ? before : Channels(from),
            "Reshape" => from.Count == 1 ? (before == Channels(to) ? Same : Unknown) : from[0] == to[0] ? Same
                : to[0] == 1 && to.Skip(1).SequenceEqual(from) ? Planes : Unknown,
            "Transpose" => Unknown,
            "PixelShuffle" or "PixelUnshuffle" => layer.Argument<PixelOrder>("Order") == PixelOrder.PixelsFirst ? Same : Unknown,
            "Dense" when to.Count == 1 => _becoming.GetValueOrDefault(layer.Name),
            _ when to.Count > 1 => Same,
            _ when Unchanged.Contains(layer.Kind) || layer.Function.Length > 0 =>
                inputs.All(input => Order(input) == before) ? before : Unknown,
            _ => inputs.All(input => Order(input) == Same) ? Same : Unknown,
        };
        return (order, layer.Name);

        long Order(string input) => _orders.GetValueOrDefault(input);
    }

    /// <summary>Zeros may become further channels so: as planes behind the others.</summary>
    private static long BehindPlanes(string kind, IReadOnlyList<int> from, IReadOnlyList<int> to) =>
        kind == "Reshape" && from[0] == 1 && to.SequenceEqual(from.Skip(1)) ? Same
            : kind == "Pad3D" || Unchanged.Contains(kind) ? Planes : Unknown;

    private bool IsFlat(LayerInfo layer) => layer.OutputShape.Count == 1 && _shapes[_inputs[layer.Name][0]].Count == 1;

    /// <summary>The channels of a tensor, if it has several, and several places; otherwise the order is the same.</summary>
    private static long Channels(IReadOnlyList<int> shape) => shape[0] > 1 && shape.Skip(1).Any(extent => extent > 1) ? shape[0] : Same;
}
