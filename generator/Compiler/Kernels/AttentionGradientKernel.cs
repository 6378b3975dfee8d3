using System;
using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The gradients of one sample's attention, head by head. The weights of a head's pairs of tokens are computed again, from the logarithm of
/// each query's sum. First, lanes hold neighbouring queries: for each vector of them, the weights of all keys, the gradients of their
/// scores, and the gradients of the queries. Then both are transposed, so that lanes hold keys, for the gradients of keys and values.
/// </summary>
/// <param name="Attention">The forward pass.</param>
/// <param name="GradientPitch">The distance of two features in the output's gradient.</param>
/// <param name="OfQueries">The distance of two features in the gradient of the queries; null if it is not wanted.</param>
/// <param name="OfKeys">That of the keys.</param>
/// <param name="OfValues">That of the values.</param>
/// <param name="OfMask">Where the gradients of the mask are; null if they are not wanted. One matrix may be for all heads.</param>
/// <param name="Windows">The distances of two windows; null for one sequence.</param>
internal sealed record AttentionGradientKernel(
    AttentionKernel Attention, int GradientPitch, int? OfQueries, int? OfKeys, int? OfValues, MatrixPlaces? OfMask,
    AttentionGradientKernel.WindowGradients? Windows = null)
    : Kernel(Attention.Tier)
{
    /// <summary>Rows of so many floats apart, or a multiple, would share a few sets of the first-level cache.</summary>
    private const int Apart = 64;

    public override string Summary => "Gradients of attention: the weights of a head anew, with queries and then keys in lanes";

    /// <summary>The floats of the weights of a head's pairs, and of the gradients of their scores.</summary>
    public int Pairs => NetworkTooLargeException.Check((long)Keys.Count * Pitch, "memory for the weights of a head's pairs of tokens");

    /// <summary>The floats of a vector of keys with all queries.</summary>
    public int Panel => Queries.Count * Tier.Lanes;

    /// <summary>Whether heads add to one matrix, so that they are computed one after the other.</summary>
    private bool AddsHeads => OfMask is { Channel: 0 } && Attention.Heads > 1;

    /// <summary>Whether pairs may have no gradient, or several.</summary>
    public bool ClearsMask => OfMask is not null && (AddsHeads || Attention.IsCausal);

    private AttentionKernel.Tokens Queries => Attention.Queries;

    private AttentionKernel.Tokens Keys => Attention.Keys;

    private AttentionKernel.Tokens Values => Attention.Values;

    /// <summary>The distance of two keys in the matrices of pairs.</summary>
    private int Pitch => Tier.RoundUp(Queries.Count) is var length && length % Apart == 0 ? length + Tier.Lanes : length;

    private double Scale => 1 / Math.Sqrt(Keys.Features);

    private bool AddsBiases => Windows?.AddsBiases == true;

    // Windows beside one another add to the same gradients of biases.
    public override Work WorkOf(IReadOnlyList<int> extents) =>
        AddsHeads ? Work.Whole : Work.Over(WorkAxis.Tiles, Attention.Heads * (Attention.Windows?.Rows ?? 1));

    protected override void Record(KernelBuilder k)
    {
        Pointer[] inputs = Attention.InputsOf(k);
        Pointer? mask = Attention.Mask is null ? null : k.Parameter("mask");
        Pointer output = k.Parameter("output"), gradient = k.Parameter("gradient"), logarithms = k.Parameter("logarithms");
        Pointer? ofAll = Attention.IsPacked ? k.Parameter("inputGradient") : null;
        Pointer? ofQueries = Gradient(OfQueries, "queryGradient"), ofKeys = Gradient(OfKeys, "keyGradient"),
            ofValues = Gradient(OfValues, "valueGradient"), ofMask = OfMask is null ? null : k.Parameter("maskGradient");
        Pointer? ofBiases = AddsBiases ? k.Parameter("biasGradient") : null;
        Pointer weights = k.Parameter("weights"), scores = k.Parameter("scores"), panel = k.Parameter("panel");
        Pointer? maskPanel = Attention.Mask is null ? null : k.Parameter("maskPanel");
        Pointer? steps = Attention.IsCausal ? k.Parameter("steps") : null;
        Pointer? biases = Attention.Windows is null ? null : k.Parameter("biases");
        var tiles = new Tiles(this);
        tiles.Declare(k);
        if (steps is not null)
        {
            Attention.RecordSteps(k, steps);
        }

        Index[] at;
        (string, int, int) heads = ("head", Attention.Heads, 1);
        using (AddsHeads ? k.Loops(out at, heads)
            : Attention.Windows is { } rows ? k.Items(out at, heads, rows.Loops[0]) : k.Items(out at, heads))
        using (k.Loops(out Index[] columns, Attention.Windows is { } beside ? [beside.Loops[1]] : []))
        {
            Index head = at[0];
            Index? window = Attention.Windows?.Number(at[1], columns[0]);
            var of = new Head(
                k.PointTo("qs", inputs[0][Queries.First(head, window)]), k.PointTo("ks", Attention.Of(inputs, 1, Keys, head, window)),
                k.PointTo("vs", Attention.Of(inputs, 2, Values, head, window)),
                k.PointTo("gs", gradient[Index.Sum((head, Values.Features * GradientPitch)) + Row(window, Windows?.Gradient)]));
            using (k.Loops(out Index[] vector, ("query", Attention.Vectors, 1)))
            {
                Pointer y = k.PointTo("y", output[Attention.OutputOf(head, window) + Index.Sum((vector[0], Tier.Lanes))]);
                Variable logarithm = k.Let("logarithm", logarithms[Attention.LogarithmOf(head, window, vector[0])].Vector);
                AttentionKernel.Added added = window is null ? Attention.RecordAdded(k, head, vector[0], mask, maskPanel, steps)
                    : Attention.OfWindow(k, biases!, head, vector[0], at[1], columns[0]);
                Index query = Index.Sum((head, Queries.Features * (OfQueries ?? 0)), (vector[0], Tier.Lanes))
                    + Row(window, Windows?.Inputs);
                Pointer? dq = ofQueries is null ? null : k.PointTo("dq", ofQueries[query]);
                Pointer? ofRow = ofBiases is null ? null : k.PointTo(
                    "ofBias", ofBiases[BiasesOf(head, at[1]) + Index.Sum((vector[0], Tier.Lanes))]);
                RecordQueries(k, tiles, of, added, vector[0], y, logarithm, weights, scores, dq, ofRow);
            }

            using (k.Loops(out Index[] vector, ("key", Arithmetic.CeilingDivide(Keys.Count, Tier.Lanes), 1)))
            {
                RecordKeys(k, tiles, of, head, window, vector[0], weights, scores, panel, ofKeys, ofValues, ofMask);
            }
        }

        Pointer? Gradient(int? pitch, string name) => pitch is null ? null : ofAll ?? k.Parameter(name);
    }

    private static Index Row(Index? window, int? pitch) =>
        window is null ? 0 : window * Number.Named(pitch!.Value, "windowPitch");

    /// <summary>The gradients of biases of a head and a row of windows: a row of queries for each key.</summary>
    private Index BiasesOf(Index head, Index row) => ((head * Number.Named(Attention.Windows!.Rows, "windowRows")) + row)
        * Number.Named(Keys.Count * Tier.RoundUp(Queries.Count), "pairs");

    /// <summary>A vector of queries.</summary>
    private void RecordQueries(
        KernelBuilder k, Tiles tiles, Head of, AttentionKernel.Added added, Index vector, Pointer y, Variable logarithm, Pointer weights,
        Pointer scores, Pointer? dq, Pointer? ofBias)
    {
        Pointer q = k.PointTo("q", of.Queries[Index.Sum((vector, Tier.Lanes))]);
        Pointer g = k.PointTo("g", of.Gradient[Index.Sum((vector, Tier.Lanes))]);
        Pointer w = k.PointTo("w", weights[Index.Sum((vector, Tier.Lanes))]), s = k.PointTo("s", scores[Index.Sum((vector, Tier.Lanes))]);
        var features = new SumLoop("f", Values.Features);
        Variable mean = new BlockedSum([features], "mean") { IsOfProducts = true }.Record(k, sums => k.Set(
            sums[0],
            k.MultiplyAdd(
                g[Index.Sum((features.Variable, GradientPitch))].Vector, y[Index.Sum((features.Variable, Attention.OutputPitch))].Vector,
                sums[0])))[0];
        Attention.RecordScores(k, tiles.Scores, q, of.Keys, added, w, Pitch);
        using (k.For("j", 0, added.End ?? Keys.Count, 1, out IndexVariable j))
        {
            Pointer target = k.PointTo("weight", w[Index.Sum((j, Pitch))]);
            k.Store(target, Attention.Seen(added, j, Exp(target[0].Vector - logarithm), 0));
        }

        using (AttentionKernel.Tiles(k, "ofWeight", tiles.Changes, added.End, out Index at))
        {
            Index from = tiles.Changes.First(k, "fromChange", at);
            Pointer v = k.PointTo("v", of.Values[from]);
            tiles.Changes.Record(
                k, ("f", Values.Features), f => g[Index.Sum((f, GradientPitch))].Vector, v,
                f => Index.Sum((f, Values.Pitch)), apart: 1);
            using KernelBuilder.Scope whole = tiles.Changes.Sums.End(k);
            Pointer ofFirst = k.PointTo("ofFirst", w[Index.Sum((from, Pitch))]), target = k.PointTo("to", s[Index.Sum((from, Pitch))]);
            for (int t = 0; t < tiles.Changes.Size; t++)
            {
                Expression change = ofFirst[t * Pitch].Vector * (tiles.Changes.Accumulators[t] - mean);
                k.Store(target[t * Pitch], Attention.Seen(added, from + t, change, 0));
            }
        }

        if (ofBias is not null)
        {
            // Not in the loop above, whose last tile may compute some keys again.
            using KernelBuilder.Scope all = k.For("j", 0, Keys.Count, 1, out IndexVariable j);
            Pointer target = k.PointTo("ofPair", ofBias[Index.Sum((j, Tier.RoundUp(Queries.Count)))]);
            k.Store(target, target[0].Vector + s[Index.Sum((j, Pitch))].Vector);
        }

        if (dq is not null)
        {
            RecordSums(k, tiles.OfQueries!, ("j", Keys.Count), added.End, s, Pitch, of.Keys, Keys.Pitch, dq, OfQueries!.Value, Scale);
        }
    }

    /// <summary>A vector of keys.</summary>
    private void RecordKeys(
        KernelBuilder k, Tiles tiles, Head of, Index head, Index? window, Index vector, Pointer weights, Pointer scores, Pointer panel,
        Pointer? ofKeys, Pointer? ofValues, Pointer? ofMask)
    {
        int lanes = Tier.Lanes, queries = Queries.Count;
        Index key = Index.Sum((vector, lanes));

        // Queries before the first of the keys see none of them.
        Index first = Attention.IsCausal ? k.LetInt("firstQuery", Index.Min(key, Number.Named(queries, "queries"))) : 0;
        Index? count = Attention.IsCausal ? k.LetInt("seeing", Number.Named(queries, "queries") - first) : null;
        Index present = Keys.Count % lanes == 0
            ? lanes : k.LetInt("present", Index.Min(lanes, Number.Named(Keys.Count, "keys") - key));
        if (ofValues is not null)
        {
            Transpose(weights);
            Pointer dv = k.PointTo("dv", Place(ofValues, 2, OfValues!.Value, Values));
            Pointer g = k.PointTo("ofSeeing", of.Gradient[first]);
            RecordSums(k, tiles.OfValues!, ("i", queries), count, panel, lanes, g, GradientPitch, dv, OfValues!.Value, 1);
        }

        if (ofKeys is null && ofMask is null)
        {
            return;
        }

        Transpose(scores);
        if (ofKeys is not null)
        {
            Pointer dk = k.PointTo("dk", Place(ofKeys, 1, OfKeys!.Value, Keys));
            Pointer q = k.PointTo("seeing0", of.Queries[first]);
            RecordSums(k, tiles.OfKeys!, ("i", queries), count, panel, lanes, q, Queries.Pitch, dk, OfKeys!.Value, Scale);
        }

        if (ofMask is not null)
        {
            Pointer rows = k.PointTo("rows", ofMask[OfMask!.Value.At(head, 0) + key + Index.Sum((first, OfMask.Value.Row))]);
            using (k.For("i", 0, count ?? queries, 1, out IndexVariable i))
            {
                Pointer target = k.PointTo("ofPair", rows[Index.Sum((i, OfMask.Value.Row))]);
                Expression pair = panel[Index.Sum((i, lanes))].Vector;
                k.Store(target, AddsHeads ? target[0].Vector + pair : pair);
            }
        }

        Reference Place(Pointer target, int number, int pitch, AttentionKernel.Tokens tokens) => target[
            Index.Sum((head, tokens.Features * pitch), (vector, lanes)) + Row(window, Windows?.Inputs)
            + (Attention.IsPacked ? number * Attention.Heads * tokens.Features * pitch : 0)];

        void Transpose(Pointer pairs) => k.Run(RuntimeApi.Pack(lanes).Call(
            new AddressOf(pairs[Index.Sum((key, Pitch)) + first]), Number.Named(Pitch, "pitch"), present,
            count ?? Number.Named(queries, "queries"), new AddressOf(panel[0])));
    }

    /// <summary>Sums over tokens for all features: a vector of pairs times a float of the other factor.</summary>
    private static void RecordSums(
        KernelBuilder k, BroadcastTile tile, (string Name, int Count) tokens, Index? end, Pointer pairs, int pairPitch, Pointer factor,
        int factorPitch, Pointer target, int targetPitch, double scale)
    {
        using (k.Braces())
        using (k.Loops(out Index[] at, ("c", tile.Count, tile.Size)))
        {
            Index from = tile.First(k, "fromFeature", at[0]);
            Pointer first = k.PointTo("ofFeature", factor[Index.Sum((from, factorPitch))]);
            tile.Record(
                k, tokens, n => pairs[Index.Sum((n, pairPitch))].Vector, first, n => n, apart: factorPitch, end);
            using KernelBuilder.Scope whole = tile.Sums.End(k);
            Pointer to = k.PointTo("toFeature", target[Index.Sum((from, targetPitch))]);
            for (int t = 0; t < tile.Size; t++)
            {
                k.Store(to[t * targetPitch], scale == 1 ? tile.Accumulators[t] : tile.Accumulators[t] * scale);
            }
        }
    }

    /// <summary>The distances of two windows.</summary>
    /// <param name="Gradient">In the output's gradient.</param>
    /// <param name="Inputs">In the gradients of the inputs.</param>
    /// <param name="AddsBiases">
    /// Whether the gradients of scores are added to those of the biases, which begin as zeros. Each row of windows has its own.
    /// </param>
    internal sealed record WindowGradients(int Gradient, int Inputs, bool AddsBiases);

    /// <summary>The tensors of a head.</summary>
    private readonly record struct Head(Pointer Queries, Pointer Keys, Pointer Values, Pointer Gradient);

    /// <summary>The sums of products.</summary>
    private sealed class Tiles(AttentionGradientKernel kernel)
    {
        public BroadcastTile Scores { get; } = Of(kernel, "a", kernel.Keys.Count, kernel.Keys.Features)!;

        public BroadcastTile Changes { get; } = Of(kernel, "b", kernel.Keys.Count, kernel.Values.Features)!;

        public BroadcastTile? OfQueries { get; } = Of(kernel, "q", kernel.Keys.Features, kernel.Keys.Count, kernel.OfQueries is null);

        public BroadcastTile? OfKeys { get; } = Of(kernel, "k", kernel.Keys.Features, kernel.Queries.Count, kernel.OfKeys is null);

        public BroadcastTile? OfValues { get; } = Of(kernel, "v", kernel.Values.Features, kernel.Queries.Count, kernel.OfValues is null);

        public void Declare(KernelBuilder k)
        {
            foreach (BroadcastTile? tile in new[] { Scores, Changes, OfQueries, OfKeys, OfValues })
            {
                tile?.Sums.Declare(k);
            }
        }

        private static BroadcastTile? Of(AttentionGradientKernel kernel, string name, int count, int terms, bool isUnwanted = false) =>
            isUnwanted ? null : BroadcastTile.Of(kernel.Tier, name, count, terms);
    }
}
