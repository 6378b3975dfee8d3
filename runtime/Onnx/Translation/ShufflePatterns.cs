using System;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Operators;

namespace Strata.Onnx.Translation;

/// <summary>Reshape, transpose, reshape: shuffles of channels and pixels.</summary>
internal static class ShufflePatterns
{
    public static OnnxNode? Find(OnnxNode last)
    {
        if (last.Operator != "Reshape" || Patterns.Before(last.Input, "Transpose") is not { } transpose
            || Patterns.Before(transpose.Input, "Reshape") is not { } first)
        {
            return null;
        }

        int[] from = [.. first.Input.Shape], between = [.. first.Output.Shape], to = [.. last.Output.Shape];
        int[] permutation = transpose.Integers("perm");
        return from.Length < 3 || to.Length != from.Length ? null
            : Channels(last, first.Input, from, between, to, permutation) ?? Pixels(last, first.Input, from, between, to, permutation);
    }

    /// <summary>Channels as groups × members, transposed.</summary>
    private static OnnxNode? Channels(OnnxNode last, OnnxValue x, int[] from, int[] between, int[] to, int[] permutation) =>
        from.SequenceEqual(to) && between.Length >= 3 && between[0] == from[0] && between[1] * between[2] == from[1]
        && permutation.Take(3).SequenceEqual([0, 2, 1])
        && permutation.Skip(3).SequenceEqual(Enumerable.Range(3, Math.Max(0, permutation.Length - 3)))
            ? Patterns.Node(last, Moves.ChannelShuffle(between[1]), x) : null;

    /// <summary>Squares of pixels to channels, and back.</summary>
    private static OnnxNode? Pixels(OnnxNode last, OnnxValue x, int[] from, int[] between, int[] to, int[] permutation)
    {
        if (from.Length != 4 || between.Length != 6 || between[0] != 1)
        {
            return null;
        }

        (int[] order, string mode, int at, bool isShuffle)[] forms =
        [
            ([0, 1, 4, 2, 5, 3], "CRD", 2, true),
            ([0, 3, 4, 1, 5, 2], "DCR", 1, true),
            ([0, 1, 3, 5, 2, 4], "CRD", 3, false),
            ([0, 3, 5, 1, 2, 4], "DCR", 3, false),
        ];
        foreach ((int[] order, string mode, int at, bool isShuffle) in forms.Where(form => form.order.SequenceEqual(permutation)))
        {
            int factor = between[at];
            (int[] small, int[] large) = isShuffle ? (from, to) : (to, from);
            bool fits = small[1] == large[1] * factor * factor && small[2] * factor == large[2] && small[3] * factor == large[3];
            int[] expected = isShuffle
                ? mode == "CRD"
                    ? [1, large[1], factor, factor, small[2], small[3]] : [1, factor, factor, large[1], small[2], small[3]]
                : [1, large[1], small[2], factor, small[3], factor];
            if (fits && between.SequenceEqual(expected))
            {
                return Patterns.Node(last, isShuffle ? "DepthToSpace" : "SpaceToDepth", [x], ("blocksize", (long)factor), ("mode", mode));
            }
        }

        return null;
    }
}
