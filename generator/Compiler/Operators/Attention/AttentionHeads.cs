using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

/// <summary>
/// Scaled dot-product attention of each head (Vaswani et al. 2017, equation 1). The weights of all queries and keys are not kept. Backward
/// computes them again, head by head, from the logarithm of each query's sum (Dao et al. 2022).
/// </summary>
/// <param name="Heads">The number of heads.</param>
/// <param name="IsPacked">
/// Whether one tensor has the channels of q, then those of k, then those of v. Otherwise there are three tensors.
/// </param>
/// <param name="IsCausal">Whether a query weights no key behind it.</param>
/// <param name="HasMask">Whether another tensor is added to the products of queries and keys.</param>
internal sealed record AttentionHeads(int Heads, bool IsPacked = true, bool IsCausal = false, bool HasMask = false) : LoopOperation
{
    /// <summary>q, k and v.</summary>
    public const int Parts = 3;

    private const string Logarithms = "logarithms";

    /// <summary>The windows whose pixels are the tokens, in rows of their own; null for a sequence.</summary>
    public WindowGrid? Grid { get; init; }

    public override Dependence Dependence => Dependence.All;

    // What pixels read in their windows is said where the windows become the image again.
    public override Reach ReachOf(Shape input, Shape output) => Grid is null ? Reach.Everything : Reach.Place;

    public override long MultiplyAdds(IReadOnlyList<Shape> inputs, Shape output)
    {
        (int queried, int keys) = IsPacked ? (output.Channels, output.Width) : (inputs[0].Channels, inputs[1].Width);
        return (long)output.Width * output.Height * keys * (queried + output.Channels);
    }

    public override EquatableArray<ParameterSpec> Parameters(Shape input) => Grid is null ? EquatableArray<ParameterSpec>.Empty
        : EquatableArray.Of(
            // A normal distribution with a fan of 1 has a deviation of 1.
            new ParameterSpec(
                WindowBias.Table, EquatableArray.Of(Grid.Distances * Grid.Distances, Heads), Initializer.LeCunNormal, 1, 1)
            {
                Role = ParameterRole.Bias,
                Gain = 0.02,
            });

    public override IEnumerable<(string Name, int Length)> Derived(Shape input) =>
        Grid is null ? [] : [(WindowBias.Derived, WindowBias.Length(Grid, Heads))];

    public override void Derive(LoopPass pass)
    {
        if (Grid is not null)
        {
            WindowBias.Derive(pass, Grid, Heads, pass.Parameter(WindowBias.Table), pass.Derived(WindowBias.Derived));
        }
    }

    // Backward computes five products for the two of forward.
    public override LoopWork WorkOf(IReadOnlyList<Shape> inputs, Shape output, bool isBackward) => new(
        MultiplyAdds(inputs, output) * (isBackward ? 5 : 2) / 2,
        (long)Heads * output.Width * output.Height * (IsPacked ? output.Width : inputs[1].Width));

    public override void Forward(LoopPass pass)
    {
        var at = new Places(this, pass);
        LoopTensor y = pass.Output, terms = pass.Temporary("terms", Shape.Vector(at.Keys));
        LoopTensor? logarithms = pass.IsTraining ? pass.Saved(Logarithms, Shape.Vector(Heads * at.Rows * at.Queries)) : null;
        pass.Step("", k => k.For([("h", Heads), .. WindowGrid.Loops(Grid), ("i", at.Queries)], of =>
        {
            (Index head, Index query) = (of[0], of[of.Length - 1]);
            SumLoop keys = at.KeysOf("j", query);
            Variable largest = k.Let("largest", double.NegativeInfinity);
            k.For([keys], () =>
            {
                Variable score = k.Let("score", at.Score(k, head, query, keys.Variable));
                terms[keys.Variable, 0, 0, 0] = score;
                k.Set(largest, Max(largest, score));
            });
            Variable total = k.SumOver([keys], "total", () =>
            {
                Variable term = k.Let("term", Exp(terms[keys.Variable, 0, 0, 0] - largest));
                terms[keys.Variable, 0, 0, 0] = term;
                return term;
            });
            Variable scale = k.Let("scale", 1 / total);
            k.For([at.ValueFeatures], () => y[at.Result(head, query)] =
                scale * k.SumOfProducts([keys], "sum", () => (terms[keys.Variable, 0, 0, 0], at.Value[head, keys.Variable])));
            if (logarithms is not null)
            {
                logarithms[at.Number(head, query), 0, 0, 0] = largest + Log(total);
            }
        }));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradients.All(gradient => gradient is null) && !(Grid is not null && pass.HasGradient(WindowBias.Table)))
        {
            return;
        }

        var at = new Places(this, pass);
        var of = new Gradients(this, pass);
        Shape pairs = Shape.Image(1, at.Queries, at.Keys);
        LoopTensor weights = pass.Temporary("weights", pairs), scores = pass.Temporary("scores", pairs);
        LoopTensor logarithms = pass.Saved(Logarithms, Shape.Vector(Heads * at.Rows * at.Queries));
        LoopTensor? mask = of.Mask;
        if (mask is not null)
        {
            // One row is for all queries.
            pass.Clear(mask, Grid is not null ? Grid.Count : mask.Shape.MatrixRows == 1 ? (long)Heads * at.Queries : Heads);
        }

        pass.Step("", k => k.For([("h", Heads), .. WindowGrid.Loops(Grid)], loops =>
        {
            RecordPairs(pass, k, at, loops[0], weights, scores, logarithms, mask);
            RecordGradients(k, at, of, pass.OutputGradient, loops[0], weights, scores);
        }));
        if (Grid is not null && mask is not null)
        {
            WindowBias.SumPairs(
                pass, Grid, Heads, (head, query, key) => mask[head, 0, query, key],
                pass.ParameterGradient(WindowBias.Table).AddGradient);
        }
    }

    /// <summary>The weights of a head's pairs of tokens, and the gradients of their scores.</summary>
    private static void RecordPairs(
        LoopPass pass, Loops k, Places at, Index head, LoopTensor weights, LoopTensor scores, LoopTensor logarithms, LoopTensor? ofMask)
    {
        LoopTensor y = pass.Output, dy = pass.OutputGradient;
        SumLoop queries = new("i", at.Queries);
        Index query = queries.Variable;
        SumLoop keys = at.KeysOf("j", query);
        Index key = keys.Variable;
        k.For([queries], () =>
        {
            Variable mean = k.SumOfProducts(
                [at.ValueFeatures], "mean", () => (dy[at.Result(head, query)], y[at.Result(head, query)]));
            Variable logarithm = k.Let("logarithm", logarithms[at.Number(head, query), 0, 0, 0]);
            k.For([keys], () =>
            {
                Variable weight = k.Let("weight", Exp(at.Score(k, head, query, key) - logarithm));
                weights[0, 0, query, key] = weight;
                Variable change = k.SumOfProducts(
                    [at.ValueFeatures], "change", () => (dy[at.Result(head, query)], at.Value[head, key]));
                if (ofMask is null)
                {
                    scores[0, 0, query, key] = at.Scale * (weight * (change - mean));
                    return;
                }

                Variable ofScore = k.Let("ofScore", weight * (change - mean));
                ofMask.Add(at.MaskGradient(head, query, key), ofScore);
                scores[0, 0, query, key] = at.Scale * ofScore;
            });
        });
    }

    private static void RecordGradients(
        Loops k, Places at, Gradients of, LoopTensor dy, Index head, LoopTensor weights, LoopTensor scores)
    {
        SumLoop tokens = new("i", at.Queries);
        Index query = tokens.Variable;
        SumLoop keys = at.KeysOf("j", query);
        if (of.Query is { } dq)
        {
            k.For([at.QueryFeatures, tokens], () =>
                dq[head, query] = k.SumOfProducts([keys], "dq", () => (scores[0, 0, query, keys.Variable], at.Key[head, keys.Variable])));
        }

        SumLoop others = new("j", at.Keys);
        Index key = others.Variable;
        SumLoop queries = at.QueriesOf("i", key);
        if (of.Key is { } dk)
        {
            k.For([at.QueryFeatures, others], () =>
                dk[head, key] = k.SumOfProducts([queries], "dk", () => (scores[0, 0, query, key], at.Query[head, query])));
        }

        if (of.Value is { } dv)
        {
            k.For([at.ValueFeatures, others], () =>
                dv[head, key] = k.SumOfProducts([queries], "dv", () => (weights[0, 0, query, key], dy[at.Result(head, query)])));
        }
    }

    /// <summary>The row of the current window; 0 for a sequence.</summary>
    private static Index RowOf(WindowGrid? grid) =>
        grid is null ? 0 : grid.Number(WindowGrid.Row, WindowGrid.Column);

    /// <summary>One of q, k and v, or its gradient: some channels of a tensor. The feature is the loop variable <c>c</c>.</summary>
    /// <param name="row">The row of the tokens.</param>
    private sealed class Part(LoopTensor tensor, int first, int features, Index row)
    {
        public static readonly Index Feature = new IndexVariable("c");

        public int Features => features;

        public int Tokens => tensor.Shape.Width;

        public Expression this[Index head, Index token]
        {
            get => tensor[new ElementIndex((head * features) + Feature + first, 0, row, token)];
            set => tensor[new ElementIndex((head * features) + Feature + first, 0, row, token)] = value;
        }

        /// <summary>One of the three.</summary>
        /// <param name="number">0 for q, 1 for k, 2 for v.</param>
        public static Part Of(AttentionHeads operation, LoopTensor tensor, int number)
        {
            int channels = operation.IsPacked ? tensor.Shape.Channels / Parts : tensor.Shape.Channels;
            return new Part(tensor, operation.IsPacked ? number * channels : 0, channels / operation.Heads, RowOf(operation.Grid));
        }
    }

    /// <summary>Where the elements of a head are.</summary>
    private sealed class Places(AttentionHeads operation, LoopPass pass)
    {
        private readonly IReadOnlyList<LoopTensor> _inputs = pass.Inputs;

        public Part Query { get; } = Part.Of(operation, pass.Inputs[0], 0);

        public Part Key { get; } = Part.Of(operation, pass.Inputs[operation.IsPacked ? 0 : 1], 1);

        public Part Value { get; } = Part.Of(operation, pass.Inputs[operation.IsPacked ? 0 : 2], 2);

        /// <summary>The rows of tokens, which do not see one another.</summary>
        public int Rows => operation.Grid?.Count ?? 1;

        public int Queries => Query.Tokens;

        public int Keys => Key.Tokens;

        public SumLoop QueryFeatures => new("c", Query.Features);

        public SumLoop ValueFeatures => new("c", Value.Features);

        /// <summary>1/√d.</summary>
        public double Scale => 1 / Math.Sqrt(Query.Features);

        public ElementIndex Result(Index head, Index token) => new((head * Value.Features) + Part.Feature, 0, RowOf(operation.Grid), token);

        /// <summary>The number of a query among those of all heads.</summary>
        public Index Number(Index head, Index query) =>
            (operation.Grid is null ? head * Queries : ((head * Rows) + RowOf(operation.Grid)) * Queries) + query;

        /// <summary>Where the gradient of what is added to a product is.</summary>
        public ElementIndex MaskGradient(Index head, Index query, Index key) =>
            operation.Grid is null ? Mask(head, query, key) : new(head, 0, query, key);

        private ElementIndex Mask(Index head, Index query, Index key)
        {
            Shape shape = _inputs[_inputs.Count - 1].Shape;
            Index row = shape.MatrixRows == 1 ? 0 : query;
            return shape.Rank == 2 ? new(row, 0, 0, key) : new(shape.Channels == 1 ? 0 : head, 0, row, key);
        }

        /// <summary>What the softmax is taken of.</summary>
        public Expression Score(Loops k, Index head, Index query, Index key)
        {
            Expression score = Scale * k.SumOfProducts([QueryFeatures], "product", () => (Query[head, query], Key[head, key]));
            return operation.HasMask ? score + _inputs[_inputs.Count - 1][Mask(head, query, key)]
                : operation.Grid is { } grid ? score + pass.Derived(WindowBias.Derived).At(WindowBias.Place(grid, head, query, key))
                : score;
        }

        /// <summary>The keys that a query weights.</summary>
        public SumLoop KeysOf(string variable, Index query) => !operation.IsCausal ? new(variable, Keys)
            : new(new IndexVariable(variable), 0, Keys < Queries ? Index.Min(query + 1, Keys) : query + 1, Keys);

        /// <summary>The queries that weight a key.</summary>
        public SumLoop QueriesOf(string variable, Index key) => !operation.IsCausal ? new(variable, Queries)
            : new(new IndexVariable(variable), key, Queries, Queries);
    }

    /// <summary>The gradients of the inputs; null where nobody asks for them.</summary>
    private sealed class Gradients(AttentionHeads operation, LoopPass pass)
    {
        public Part? Query => Of(0);

        public Part? Key => Of(1);

        public Part? Value => Of(2);

        /// <summary>That of what is added to the products. For windows, there is a number for each head and pair of pixels.</summary>
        public LoopTensor? Mask => operation.HasMask ? pass.InputGradients[pass.InputGradients.Count - 1]
            : operation.Grid is { } grid && pass.HasGradient(WindowBias.Table)
                ? pass.Temporary("biasGradients", Shape.Image(operation.Heads, grid.Tokens, grid.Tokens)) : null;

        private Part? Of(int number) => pass.InputGradients[operation.IsPacked ? 0 : number] is { } gradient
            ? Part.Of(operation, gradient, number) : null;
    }
}
