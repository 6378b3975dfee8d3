using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Globalization;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>What the text needs to know about the words of the language.</summary>
internal static class LayerWords
{
    /// <summary>Default names that are not the kind in small letters.</summary>
    private static readonly FrozenDictionary<string, string> Stems = new Dictionary<string, string>
    {
        ["BatchNorm"] = "bn",
        ["ChannelShuffle"] = "shuffle",
        ["Filter2D"] = "filter",
        ["GroupNorm"] = "gn",
        ["InstanceNorm"] = "in",
        ["LayerNorm"] = "ln",
        ["LocalResponseNorm"] = "lrn",
        ["PixelShuffle"] = "shuffle",
        ["PixelUnshuffle"] = "shuffle",
        ["ReLU6"] = "relu6_",
        ["SpatialDropout"] = "dropout",
        ["StochasticDepth"] = "drop",
    }.ToFrozenDictionary();

    /// <summary>Layers that stand behind a convolution or a norm in one line.</summary>
    private static readonly FrozenSet<string> Activations =
        ("ReLU ReLU6 LeakyReLU PReLU ELU CELU SELU GELU SiLU Mish Sigmoid LogSigmoid HardSigmoid HardSwish Tanh Hardtanh Softplus Softsign "
        + "Softshrink Hardshrink Tanhshrink Threshold Exp Log Sqrt Abs Pow Clip Affine Softmax LogSoftmax").Split(' ').ToFrozenSet();

    /// <summary>Kinds that take one number of axes, which their names say, and the stem that they have in common.</summary>
    private static readonly (string Beginning, string Stem)[] Families =
    [
        ("ConvTranspose", "conv"), ("Conv", "conv"), ("MaxUnpool", "unpool"), ("Upsample", "upsample"), ("Pad", "pad"), ("Crop", "crop"),
        ("AdaptiveAveragePool", "pool"), ("AdaptiveMaxPool", "pool"), ("AveragePool", "pool"), ("MaxPool", "pool"), ("L2Pool", "pool"),
        ("LogSumExpPool", "pool"), ("GlobalAveragePool", "pool"), ("GlobalMaxPool", "pool"),
    ];

    /// <summary>The default name of a kind without its number: <c>conv</c>.</summary>
    public static string StemOf(string kind)
    {
        if (kind.Length > 2 && kind[^1] == 'D' && char.IsAsciiDigit(kind[^2]))
        {
            foreach ((string beginning, string stem) in Families)
            {
                if (kind.Length == beginning.Length + 2 && kind.StartsWith(beginning, StringComparison.Ordinal))
                {
                    return stem;
                }
            }
        }

        return Stems.TryGetValue(kind, out string? own) ? own : kind.ToLowerInvariant();
    }

    /// <summary>How a positional argument is called: what <c>Conv2D(64, 3)</c> says are filters and a kernel.</summary>
    public static string PositionalName(string kind, int place) => (StemOf(kind), place) switch
    {
        ("conv", 0) => "filters",
        ("conv", 1) or ("pool", 0) => "kernel",
        ("dense", 0) => "units",
        ("pad" or "crop", 0) => "padding",
        ("shuffle", 0) => kind == "ChannelShuffle" ? "groups" : "factor",
        ("gn", 0) => "groups",
        ("lrn", 0) => "size",
        ("upsample", 0) => "scale",
        ("leakyrelu", 0) => "slope",
        ("dropout" or "drop", 0) => "rate",
        ("slice", 0) => "start",
        ("slice", 1) => "end",
        ("split", 0) => "part",
        ("split", 1) => "parts",
        ("pow", 0) => "exponent",
        _ => place == 0 ? "value" : "value" + (place + 1).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Whether a layer computes each element from one element.</summary>
    public static bool IsActivation(string kind) => Activations.Contains(kind);

    /// <summary>Whether a layer normalises.</summary>
    public static bool IsNorm(string kind) => StemOf(kind) is "bn" or "gn" or "in" or "ln" or "lrn";

    /// <summary>Whether a layer joins tensors. Only then it takes no number of a sequence.</summary>
    public static bool IsJoin(Layer layer) => layer.IsJoin && !ReadsPartner(layer);

    /// <summary>Whether a layer's second tensor is the layer that its first argument names.</summary>
    public static bool ReadsPartner(Layer layer) => layer.Kind.StartsWith("MaxUnpool", StringComparison.Ordinal);
}
