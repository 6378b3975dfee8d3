using System;
using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Attention of all heads for one sample. Lanes hold neighbouring queries. For each head and vector of queries, the products with all keys
/// are computed in tiles of keys, then their softmax, then the weighted sums of the values in tiles of features. The tokens of a window
/// only see one another.
/// </summary>
/// <param name="Heads">The number of heads.</param>
/// <param name="Queries">The tokens of q, of a head's features.</param>
/// <param name="Keys">Those of k.</param>
/// <param name="Values">Those of v.</param>
/// <param name="IsPacked">Whether the three lie in one tensor, one behind the other. Otherwise they are three.</param>
/// <param name="OutputPitch">The distance of two features in the output.</param>
/// <param name="IsCausal">Whether a query weights no key behind it.</param>
/// <param name="Mask">Where the numbers are that are added to the products, a matrix for each head; null if there are none.</param>
/// <param name="LogarithmPitch">
/// The distance of two heads in a tensor that gets the logarithm of each query's sum, for the gradients; 0 if there is none. Each window
/// has a row of it.
/// </param>
/// <param name="Windows">The windows, each with a row of tokens and biases; null for one sequence.</param>
internal sealed record AttentionKernel(
    Tier Tier, int Heads, AttentionKernel.Tokens Queries, AttentionKernel.Tokens Keys, AttentionKernel.Tokens Values, bool IsPacked,
    int OutputPitch, bool IsCausal, MatrixPlaces? Mask, int LogarithmPitch = 0, AttentionKernel.TokenWindows? Windows = null)
    : Kernel(Tier)
{
    /// <summary>The floats of the products that one vector of queries has with the keys. The mask needs as many.</summary>
    public int Scratch => Keys.Count * Tier.Lanes;

    /// <summary>−1 for the lanes that do not see a key, then 0 for those that do.</summary>
    public int Steps => 2 * Tier.Lanes;

    public override string Summary => "Attention: vectors of queries, each with all keys and values";

    /// <summary>The number of windows.</summary>
    private int WindowCount => Windows?.Count ?? 1;

    /// <summary>The multiply-adds of vectors.</summary>
    public long MultiplyAdds => (long)Heads * WindowCount * Vectors * Keys.Count * (Keys.Features + Values.Features);

    /// <summary>The tiles of products.</summary>
    public long ProductTiles => (long)Heads * WindowCount * Vectors
        * (Arithmetic.CeilingDivide(Keys.Count, Tier.Accumulators) + Arithmetic.CeilingDivide(Values.Features, Tier.Accumulators));

    public int Vectors => Arithmetic.CeilingDivide(Queries.Count, Tier.Lanes);

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Tiles, Heads * WindowCount * Vectors);

    protected override void Record(KernelBuilder k)
    {
        Pointer[] inputs = InputsOf(k);
        Pointer? mask = Mask is null ? null : k.Parameter("mask");
        Pointer output = k.Parameter("output");
        Pointer? logarithms = LogarithmPitch == 0 ? null : k.Parameter("logarithms");
        Pointer scores = k.Parameter("scores");
        Pointer? panel = Mask is null ? null : k.Parameter("panel"), steps = IsCausal ? k.Parameter("steps") : null;
        Pointer? biases = Windows is null ? null : k.Parameter("biases");
        var keys = BroadcastTile.Of(Tier, "s", Keys.Count, Keys.Features);
        var features = BroadcastTile.Of(Tier, "y", Values.Features, Keys.Count);
        keys.Sums.Declare(k);
        features.Sums.Declare(k);
        if (steps is not null)
        {
            RecordSteps(k, steps);
        }

        using (k.Items(out Index[] at, [("head", Heads, 1), .. Windows?.Loops ?? [], ("query", Vectors, 1)]))
        {
            (Index head, Index vector) = (at[0], at[at.Length - 1]);
            Index? window = Windows?.Number(at[1], at[2]);
            Added added = Windows is null ? RecordAdded(k, head, vector, mask, panel, steps)
                : OfWindow(k, biases!, head, vector, at[1], at[2]);
            Pointer query = k.PointTo("q", inputs[0][Queries.First(head, window) + Index.Sum((vector, Tier.Lanes))]);
            Pointer key = k.PointTo("key", Of(inputs, 1, Keys, head, window));
            Pointer value = k.PointTo("value", Of(inputs, 2, Values, head, window));
            Variable largest = k.Let("largest", new Constant(float.NegativeInfinity));
            RecordScores(k, keys, query, key, added, scores, Tier.Lanes, largest);
            Variable total = RecordWeights(k, scores, largest, added.End);
            Variable scale = k.Let("scale", 1 / total);
            if (logarithms is not null)
            {
                k.Store(logarithms[LogarithmOf(head, window, vector)], largest + Log(total));
            }

            Pointer result = k.PointTo("y", output[OutputOf(head, window) + Index.Sum((vector, Tier.Lanes))]);
            RecordSums(k, features, value, scores, result, scale, added.End);
        }
    }

    /// <summary>The parameters for queries, keys and values.</summary>
    public Pointer[] InputsOf(KernelBuilder k) =>
        IsPacked ? [k.Parameter("input")] : [k.Parameter("queries"), k.Parameter("keys"), k.Parameter("values")];

    /// <summary>Writes what hides keys (<see cref="Steps"/>).</summary>
    public void RecordSteps(KernelBuilder k, Pointer steps)
    {
        k.Store(steps[0], k.Let("unseen", new Constant(-1)));
        k.Store(steps[Tier.Lanes], k.Let("seen", new Constant(0)));
    }

    /// <summary>What is added to the products of a vector of queries.</summary>
    public Added RecordAdded(KernelBuilder k, Index head, Index vector, Pointer? mask, Pointer? panel, Pointer? steps)
    {
        Index? end = IsCausal
            ? k.LetInt("keyEnd", Index.Min(Index.Sum((vector, Tier.Lanes)) + Tier.Lanes, Number.Named(Keys.Count, "keyCount"))) : null;
        if (Mask is { } places)
        {
            Pointer ofHead = k.PointTo("ofHead", mask![places.At(head, 0)]);
            TransposedPanel.Record(k, panel!, ofHead, places.Row, Queries.Count, vector, end ?? Keys.Count);
        }

        return new Added(panel, Tier.Lanes, steps, vector, end);
    }

    /// <summary>The biases of a window, for a vector of its queries.</summary>
    public Added OfWindow(KernelBuilder k, Pointer biases, Index head, Index vector, Index row, Index column) => new(
        k.PointTo("ofWindow", biases[Windows!.FirstBias(head, row, column) + Index.Sum((vector, Tier.Lanes))]), Windows.BiasesOfKey,
        Steps: null, vector, End: null);

    /// <summary>Where the result of a head and a window begins.</summary>
    public Index OutputOf(Index head, Index? window)
    {
        Index ofHead = Index.Sum((head, Values.Features * OutputPitch));
        return window is null ? ofHead : ofHead + (window * Number.Named(Windows!.OutputPitch, "outputRow"));
    }

    /// <summary>Where the logarithms of a vector of queries are.</summary>
    public Index LogarithmOf(Index head, Index? window, Index vector)
    {
        Index ofHead = Index.Sum((head, LogarithmPitch), (vector, Tier.Lanes));
        return window is null ? ofHead : ofHead + (window * Number.Named(Tier.RoundUp(Queries.Count), "logarithmRow"));
    }

    /// <summary>Where the keys or the values of a head are.</summary>
    public Reference Of(Pointer[] inputs, int number, Tokens tokens, Index head, Index? window = null) => IsPacked
        ? inputs[0][tokens.First(head, window) + (number * Heads * tokens.OfHead)] : inputs[number][tokens.First(head, window)];

    /// <summary>The products of the queries with all keys, and the largest of them.</summary>
    /// <param name="pitch">The distance of two keys in the scores.</param>
    public void RecordScores(
        KernelBuilder k, BroadcastTile tile, Pointer query, Pointer key, Added added, Pointer scores, int pitch, Variable? largest = null)
    {
        double scale = 1 / Math.Sqrt(Keys.Features);
        using (Tiles(k, "j", tile, added.End, out Index at))
        {
            Index from = tile.First(k, "fromKey", at);
            Pointer first = k.PointTo("k", key[from]);
            tile.Record(
                k, ("c", Keys.Features), c => query[Index.Sum((c, Queries.Pitch))].Vector, first, c => Index.Sum((c, Keys.Pitch)),
                apart: 1);
            using KernelBuilder.Scope whole = tile.Sums.End(k);
            Pointer target = k.PointTo("ofKeys", scores[Index.Sum((from, pitch))]);
            Pointer? numbers = added.Panel is null ? null : k.PointTo("numbers", added.Panel[Index.Sum((from, added.Pitch))]);
            for (int t = 0; t < tile.Size; t++)
            {
                Expression sum = tile.Accumulators[t] * scale;
                if (numbers is not null)
                {
                    sum += numbers[t * added.Pitch].Vector;
                }

                // Behind the last key that is seen, the panel holds anything, so that nothing can be added to it.
                Variable score = k.Let($"score{t}", Seen(added, from + t, sum, float.NegativeInfinity));
                k.Store(target[t * pitch], score);
                if (largest is not null)
                {
                    k.Set(largest, Max(largest, score));
                }
            }
        }
    }

    /// <summary>A value of pairs, or another one for queries that do not see the key.</summary>
    public Expression Seen(Added added, Index key, Expression value, float hidden)
    {
        if (added.Steps is null)
        {
            return value;
        }

        Index behind = key - Index.Sum((added.Vector, Tier.Lanes));
        Expression step = added.Steps[Tier.Lanes - Index.Clamp(behind, 0, Tier.Lanes)].Vector;
        return Expression.Select(step < 0, new Constant(hidden), value);
    }

    /// <summary>The exponentials of the products, and their sum.</summary>
    private Variable RecordWeights(KernelBuilder k, Pointer scores, Variable largest, Index? end)
    {
        var loop = new SumLoop(new IndexVariable("j"), 0, end ?? Keys.Count, Keys.Count);
        return new BlockedSum([loop], "total").Record(k, sums =>
        {
            Pointer target = k.PointTo("ofKey", scores[Index.Sum((loop.Variable, Tier.Lanes))]);
            Variable term = k.Let("term", Exp(target[0].Vector - largest));
            k.Store(target, term);
            k.Increase(sums[0], term);
        })[0];
    }

    private void RecordSums(
        KernelBuilder k, BroadcastTile tile, Pointer value, Pointer scores, Pointer result, Variable scale, Index? end)
    {
        using (Tiles(k, "f", tile, null, out Index at))
        {
            Index from = tile.First(k, "fromFeature", at);
            Pointer first = k.PointTo("v", value[Index.Sum((from, Values.Pitch))]);
            tile.Record(
                k, ("j", Keys.Count), j => scores[Index.Sum((j, Tier.Lanes))].Vector, first, j => j, apart: Values.Pitch, end);
            using KernelBuilder.Scope whole = tile.Sums.End(k);
            Pointer target = k.PointTo("ofFeatures", result[Index.Sum((from, OutputPitch))]);
            for (int t = 0; t < tile.Size; t++)
            {
                k.Store(target[t * OutputPitch], tile.Accumulators[t] * scale);
            }
        }
    }

    /// <summary>A loop over tiles: those of all sums, or of the first ones.</summary>
    public static KernelBuilder.Scope Tiles(KernelBuilder k, string name, BroadcastTile tile, Index? end, out Index at)
    {
        if (end is null || tile.Count <= tile.Size)
        {
            KernelBuilder.Scope all = k.Loops(out Index[] loop, (name, tile.Count, tile.Size));
            at = loop[0];
            return all;
        }

        KernelBuilder.Scope some = k.For(name, 0, end, tile.Size, out IndexVariable variable);
        at = variable;
        return some;
    }

    /// <summary>The tokens of q, k or v.</summary>
    /// <param name="Features">The features of a head.</param>
    /// <param name="Count">The number of tokens, in each window.</param>
    /// <param name="Pitch">The distance of two features.</param>
    /// <param name="WindowPitch">The distance of two windows.</param>
    internal readonly record struct Tokens(int Features, int Count, int Pitch, int WindowPitch)
    {
        /// <summary>The distance of two heads.</summary>
        public int OfHead => Features * Pitch;

        /// <summary>The first element of a head and a window.</summary>
        public Index First(Index head, Index? window) => window is null ? Index.Sum((head, OfHead))
            : Index.Sum((head, OfHead)) + (window * Number.Named(WindowPitch, "windowPitch"));
    }

    /// <summary>Windows of tokens, and the biases of pairs: for each head and kind of window, a row of queries for each key.</summary>
    /// <param name="Rows">The number of windows below one another.</param>
    /// <param name="Columns">The number of windows beside one another.</param>
    /// <param name="LastRow">Whether those of the last row are of another kind.</param>
    /// <param name="LastColumn">Whether those of the last column are.</param>
    /// <param name="BiasesOfKey">The distance of two keys' biases.</param>
    /// <param name="BiasesOfWindow">The distance of those of two kinds.</param>
    /// <param name="OutputPitch">The distance of two windows in the output.</param>
    internal sealed record TokenWindows(
        int Rows, int Columns, bool LastRow, bool LastColumn, int BiasesOfKey, int BiasesOfWindow, int OutputPitch)
    {
        public int Count => Rows * Columns;

        public (string Name, int Count, int Step)[] Loops => [("windowRow", Rows, 1), ("windowColumn", Columns, 1)];

        public Index Number(Index row, Index column) =>
            (row * KernelLanguage.Number.Named(Columns, "windowColumns")) + column;

        /// <summary>The first bias of a head and a window.</summary>
        public Index FirstBias(Index head, Index row, Index column)
        {
            Index kind = Kind(Kind(head, row, Rows, LastRow), column, Columns, LastColumn);
            return kind * KernelLanguage.Number.Named(BiasesOfWindow, "biasesOfWindow");
        }

        /// <summary>The number of a kind, if there are two along an axis.</summary>
        private static Index Kind(Index before, Index window, int windows, bool hasLast) =>
            hasLast ? (before * 2) + Index.Max(window - KernelLanguage.Number.Named(windows - 2, "lastWindow"), 0) : before;
    }

    /// <summary>What is added to the products of a vector of queries.</summary>
    /// <param name="Panel">The mask, with queries in lanes.</param>
    /// <param name="Pitch">The distance of two keys in it.</param>
    /// <param name="Steps">What hides keys from the queries before them.</param>
    /// <param name="Vector">The number of the vector.</param>
    /// <param name="End">Behind the last key that one of the queries sees; null if all see all.</param>
    internal readonly record struct Added(Pointer? Panel, int Pitch, Pointer? Steps, Index Vector, Index? End);
}
