using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>What the text needs to know about the words of the language.</summary>
internal static class LayerWords
{
    /// <summary>Default names that are not the kind in small letters.</summary>
    private static readonly FrozenDictionary<string, string> Stems = new Dictionary<string, string>
    {
        ["BatchNorm"] = "bn", ["ChannelShuffle"] = "shuffle", ["Filter2D"] = "filter", ["GroupNorm"] = "gn", ["InstanceNorm"] = "in",
        ["LayerNorm"] = "ln", ["LocalResponseNorm"] = "lrn", ["PixelShuffle"] = "shuffle", ["PixelUnshuffle"] = "shuffle",
        ["ReLU6"] = "relu6_", ["SpatialDropout"] = "dropout", ["StochasticDepth"] = "drop",
    }.ToFrozenDictionary();

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

    /// <summary>Whether a layer joins tensors. Only then it takes no number of a sequence.</summary>
    public static bool IsJoin(Layer layer) => layer.IsJoin && !ReadsPartner(layer);

    /// <summary>Whether a layer's second tensor is the layer that its first argument names.</summary>
    public static bool ReadsPartner(Layer layer) => layer.Kind.StartsWith("MaxUnpool", StringComparison.Ordinal);
}
