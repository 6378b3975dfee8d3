using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>Which classes of Keras are which layers here. A test compares them with the catalogue of operators.</summary>
internal static class KerasClasses
{
    // keras.applications.ConvNeXt has this class of its own, whose weight is called gamma, Variable or variable.
    private const string LayerScale = "layer_scale";

    private static readonly WeightKind[] Convolutions = [WeightKind.Convolution, WeightKind.Depthwise];

    /// <summary>Layers, what their weights are, and the classes in snake case.</summary>
    private static readonly (string Layer, WeightKind Kind, string[] Classes)[] Rows =
    [
        ("Conv1D", WeightKind.Convolution, ["conv1d", "depthwise_conv1d"]),
        ("Conv2D", WeightKind.Convolution, ["conv2d", "depthwise_conv2d"]),
        ("Conv3D", WeightKind.Convolution, ["conv3d"]),
        ("ConvTranspose1D", WeightKind.Convolution, ["conv1d_transpose"]),
        ("ConvTranspose2D", WeightKind.Convolution, ["conv2d_transpose"]),
        ("ConvTranspose3D", WeightKind.Convolution, ["conv3d_transpose"]),
        ("Dense", WeightKind.Dense, ["dense"]),
        ("BatchNorm", WeightKind.BatchNorm, ["batch_normalization"]),
        ("LayerNorm", WeightKind.Norm, ["layer_normalization"]),
        ("GroupNorm", WeightKind.Norm, ["group_normalization"]),
        ("InstanceNorm", WeightKind.Norm, ["group_normalization"]),
        ("PReLU", WeightKind.Slopes, ["p_re_lu"]),
        ("Embedding", WeightKind.Embedding, ["embedding"]),
        ("LSTM", WeightKind.LSTM, ["lstm"]),
        ("GRU", WeightKind.GRU, ["gru"]),
        ("Attention", WeightKind.Attention, ["multi_head_attention"]),
        ("Scale", WeightKind.Scale, [LayerScale]),
    ];

    private static readonly Dictionary<string, WeightKind> Kinds = Rows
        .SelectMany(row => row.Classes.Select(name => (Name: name, row.Kind)))
        .DistinctBy(pair => pair.Name)
        .ToDictionary(
            pair => pair.Name, pair => pair.Name.StartsWith("depthwise", StringComparison.Ordinal) ? WeightKind.Depthwise : pair.Kind);

    /// <summary>The layers with their classes in snake case.</summary>
    public static IEnumerable<(string Layer, IReadOnlyList<string> Classes)> All => Rows.Select(
        row => (row.Layer, (IReadOnlyList<string>)row.Classes));

    /// <summary>What the weights of a network's layer are; null if Keras has no such layer.</summary>
    public static WeightKind? Of(string layer) =>
        Rows.Where(row => row.Layer == layer).Select(row => (WeightKind?)row.Kind).FirstOrDefault();

    /// <summary>Whether a class may be a network's layer. One that is not known here may.</summary>
    public static bool Fits(string name, string layer) => !Kinds.ContainsKey(name)
        || Array.Exists(Rows, row => row.Layer == layer && row.Classes.Contains(name));

    /// <summary>What the weights of a file's layer are; null if neither its class nor its weights tell.</summary>
    public static WeightKind? Of(KerasLayer layer)
    {
        if (Kinds.TryGetValue(layer.Class, out WeightKind kind))
        {
            return kind;
        }

        KerasWeight? Named(string name) => layer.Weights.FirstOrDefault(weight => weight.Name == name);
        bool isWrapper = layer.Class is "conv" or "depthwise_conv" or "bidirectional" or "time_distributed" or "spectral_normalization";
        KerasWeight? state = Named("recurrent_kernel") ?? (layer.Weights.Any(weight => weight.Part == "forward") ? Named("1") : null);
        KerasWeight? kernel = Named("kernel") ?? (isWrapper ? Named("0") : null);
        return layer.Weights.Count == 1 && layer.Name.EndsWith(LayerScale, StringComparison.Ordinal) ? WeightKind.Scale
            : layer.Weights.Any(weight => weight.Part == "query") ? WeightKind.Attention
            : state is { Array.Shape: [var units, var gates] } ? (units > 0 ? gates / units : 0) switch
            {
                4 => WeightKind.LSTM,
                3 => WeightKind.GRU,
                _ => null,
            }
            : Named("moving_variance") is not null ? WeightKind.BatchNorm
            : Named("gamma") is not null || Named("beta") is not null ? WeightKind.Norm
            : Named("depthwise_kernel") is not null ? WeightKind.Depthwise
            : Named("embeddings") is not null ? WeightKind.Embedding
            : Named("alpha") is not null ? WeightKind.Slopes
            : layer.Class == "einsum_dense" ? null
            : kernel?.Array.Shape.Length switch
            {
                2 => WeightKind.Dense,
                >= 3 and <= 5 => WeightKind.Convolution,
                _ => null,
            };
    }

    /// <summary>What the weights of a file's layer are if it is a network's.</summary>
    /// <param name="layer">The file's layer.</param>
    /// <param name="network">The network's layer.</param>
    public static WeightKind Of(KerasLayer layer, NetworkLayer network)
    {
        WeightKind kind = Of(network.Info.Kind) ?? throw new DamagedFileException(
            $"the layer '{network.Name}' is a [{network.Info.Kind}], which Keras' files have no layer for.");
        if (!Fits(layer.Class, network.Info.Kind))
        {
            throw new DamagedFileException(
                $"the layer '{network.Name}' is a [{network.Info.Kind}], and the file's layer {layer} is of the class {layer.Class}.");
        }

        if (!Convolutions.Contains(kind))
        {
            return kind;
        }

        // Keras 3 calls the kernel of both convolutions the same. Its two last axes are (channels, multiplier), or (1, filters).
        KerasWeight? kernel = layer.Weights.FirstOrDefault(weight => weight.Name is "kernel" or "0");
        ParameterInfo? parameter = network.Parameters.FirstOrDefault(one => one.Role == ParameterRole.Weight);
        bool isOfChannels = kernel is { Array.Shape: [.., not 1, _] } && parameter is { Shape: [_, 1, ..] }
            && !network.Info.Kind.StartsWith("ConvTranspose", StringComparison.Ordinal);
        return isOfChannels || Of(layer) == WeightKind.Depthwise ? WeightKind.Depthwise : kind;
    }
}
