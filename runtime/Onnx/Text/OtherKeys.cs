using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Keys of PyTorch's state_dict that layers cannot have: <c>block 1.conv.weight</c>.</summary>
internal static class OtherKeys
{
    /// <summary>What PyTorch's keys end with.</summary>
    private static readonly string[] Suffixes = [".weight", ".bias", ".running_mean", ".running_var"];

    /// <summary>A sentence, if there are such keys.</summary>
    public static IEnumerable<string> Warn(IEnumerable<(string Key, LayerParameter Parameter)> parameters)
    {
        // Of layers that share a parameter, one has its key.
        ILookup<string, string> keys = parameters.ToLookup(pair => pair.Parameter.Key, pair => pair.Key);
        (string Key, string InFile)[] others =
            [.. keys.Where(one => IsKey(one.Key) && !one.Contains(one.Key)).Select(one => (one.First(), one.Key))];
        if (others.Length > 0)
        {
            (string key, string inFile) = others[0];
            yield return $"Keys that are not the file's: {Numerals.Thousands(others.Length)}, such as {key} for {inFile}. "
                + "WeightsLoadOptions.Rename reads weights that have the file's.";
        }
    }

    private static bool IsKey(string key) =>
        key.IndexOfAny(['/', ':']) < 0 && Suffixes.Any(suffix => key.EndsWith(suffix, StringComparison.Ordinal));
}
