using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Attention of all heads for one sample. Lanes hold neighbouring queries. For each head and vector of queries, the products with all keys
/// are computed in tiles of keys, then their softmax, then the weighted sums of the values in tiles of features.
/// </summary>
/// <param name="Heads">The number of heads.</param>
/// <param name="Queries">The tokens of q, of a head's features.</param>
/// <param name="Keys">Those of k.</param>
/// <param name="Values">Those of v.</param>
/// <param name="IsPacked">Whether the three lie in one tensor, one behind the other. Otherwise they are three.</param>
/// <param name="OutputPitch">The distance of two features in the output.</param>
internal sealed record AttentionKernel(
    Tier Tier, int Heads, AttentionKernel.Tokens Queries, AttentionKernel.Tokens Keys, AttentionKernel.Tokens Values, bool IsPacked,
    int OutputPitch) : Kernel(Tier)
{
    /// <summary>The floats of the products that one vector of queries has with the keys.</summary>
    public int Scratch => Keys.Count * Tier.Lanes;

    public override string Summary => "Attention: vectors of queries, each with all keys and values";

    private int Vectors => Arithmetic.CeilingDivide(Queries.Count, Tier.Lanes);

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Tiles, Heads * Vectors);

    protected override void Record(KernelBuilder k)
    {
        Pointer[] inputs = [.. (IsPacked ? ["input"] : new[] { "queries", "keys", "values" }).Select(k.Parameter)];
        Pointer output = k.Parameter("output"), scores = k.Parameter("scores");
        var keys = BroadcastTile.Of(Tier, "s", Keys.Count, Keys.Features);
        var features = BroadcastTile.Of(Tier, "y", Values.Features, Keys.Count);
        keys.Sums.Declare(k);
        features.Sums.Declare(k);
        using (k.Items(out Index[] at, ("head", Heads, 1), ("query", Vectors, 1)))
        {
            Pointer query = k.PointTo("q", inputs[0][Index.Sum((at[0], Queries.OfHead), (at[1], Tier.Lanes))]);
            Pointer key = k.PointTo("key", Of(inputs, 1, Keys, at[0])), value = k.PointTo("value", Of(inputs, 2, Values, at[0]));
            Variable largest = k.Let("largest", new Constant(float.NegativeInfinity));
            RecordScores(k, keys, query, key, scores, largest);
            Variable scale = RecordWeights(k, scores, largest);
            Pointer result = k.PointTo("y", output[Index.Sum((at[0], Values.Features * OutputPitch), (at[1], Tier.Lanes))]);
            RecordSums(k, features, value, scores, result, scale);
        }
    }

    /// <summary>Where the keys or the values of a head are.</summary>
    private Reference Of(Pointer[] inputs, int number, Tokens tokens, Index head) => IsPacked
        ? inputs[0][Index.Sum((head, tokens.OfHead)) + (number * Heads * tokens.OfHead)] : inputs[number][Index.Sum((head, tokens.OfHead))];

    /// <summary>The products of the queries with all keys, and the largest of them.</summary>
    private void RecordScores(KernelBuilder k, BroadcastTile tile, Pointer query, Pointer key, Pointer scores, Variable largest)
    {
        double scale = 1 / Math.Sqrt(Keys.Features);
        using (k.Loops(out Index[] loop, ("j", Keys.Count, tile.Size)))
        {
            Index from = tile.First(k, "fromKey", loop[0]);
            Pointer first = k.PointTo("k", key[from]);
            tile.Record(
                k, ("c", Keys.Features), c => query[Index.Sum((c, Queries.Pitch))].Vector, (c, t) => first[Index.Sum((c, Keys.Pitch)) + t]);
            using KernelBuilder.Scope whole = tile.Sums.End(k);
            Pointer target = k.PointTo("ofKeys", scores[Index.Sum((from, Tier.Lanes))]);
            for (int t = 0; t < tile.Size; t++)
            {
                Variable score = k.Let($"score{t}", tile.Accumulators[t] * scale);
                k.Store(target[t * Tier.Lanes], score);
                k.Set(largest, Max(largest, score));
            }
        }
    }

    /// <summary>The exponentials of the products, and the reciprocal of their sum.</summary>
    private Variable RecordWeights(KernelBuilder k, Pointer scores, Variable largest)
    {
        var loop = new SumLoop("j", Keys.Count);
        Variable total = new BlockedSum([loop], "total").Record(k, sums =>
        {
            Pointer target = k.PointTo("ofKey", scores[Index.Sum((loop.Variable, Tier.Lanes))]);
            Variable term = k.Let("term", Exp(target[0].Vector - largest));
            k.Store(target, term);
            k.Increase(sums[0], term);
        })[0];
        return k.Let("scale", 1 / total);
    }

    private void RecordSums(KernelBuilder k, BroadcastTile tile, Pointer value, Pointer scores, Pointer result, Variable scale)
    {
        using (k.Loops(out Index[] loop, ("f", Values.Features, tile.Size)))
        {
            Index from = tile.First(k, "fromFeature", loop[0]);
            Pointer first = k.PointTo("v", value[Index.Sum((from, Values.Pitch))]);
            tile.Record(
                k, ("j", Keys.Count), j => scores[Index.Sum((j, Tier.Lanes))].Vector, (j, t) => first[j + (t * Values.Pitch)]);
            using KernelBuilder.Scope whole = tile.Sums.End(k);
            Pointer target = k.PointTo("ofFeatures", result[Index.Sum((from, OutputPitch))]);
            for (int t = 0; t < tile.Size; t++)
            {
                k.Store(target[t * OutputPitch], tile.Accumulators[t] * scale);
            }
        }
    }

    /// <summary>The tokens of q, k or v.</summary>
    /// <param name="Features">The features of a head.</param>
    /// <param name="Count">The number of tokens.</param>
    /// <param name="Pitch">The distance of two features.</param>
    internal readonly record struct Tokens(int Features, int Count, int Pitch)
    {
        /// <summary>The distance of two heads.</summary>
        public int OfHead => Features * Pitch;
    }
}
