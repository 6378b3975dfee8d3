using System;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

/// <summary>
/// Scaled dot-product attention of each head (Vaswani et al. 2017, equation 1). The input has the channels of q, then those of k, then
/// those of v. The weights of all queries and keys are not kept. Backward computes them again, head by head, from the logarithm of each
/// query's sum (Dao et al. 2022).
/// </summary>
internal sealed record AttentionHeads(int Heads) : LoopOperation
{
    private const string Logarithms = "logarithms";

    public override Dependence Dependence => Dependence.All;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Everything;

    public override long MultiplyAdds(Shape input, Shape output) => 2L * output.Length * output.Width;

    public override void Forward(LoopPass pass)
    {
        var at = new Places(pass.Output.Shape, Heads);
        LoopTensor x = pass.Input, y = pass.Output, terms = pass.Temporary("terms", Shape.Vector(at.Length));
        LoopTensor? logarithms = pass.IsTraining ? pass.Saved(Logarithms, Shape.Vector(Heads * at.Length)) : null;
        pass.Step("", k => k.For([("h", Heads), ("i", at.Length)], of =>
        {
            (Index head, Index query) = (of[0], of[1]);
            SumLoop keys = new("j", at.Length), features = new("c", at.Features);
            Variable largest = k.Let("largest", double.NegativeInfinity);
            k.For([keys], () =>
            {
                Variable score = k.Let("score", at.Scale * k.SumOver(
                    [features], "product", () => x[at.Query(head, query)] * x[at.Key(head, keys.Variable)]));
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
            k.For([features], () => y[at.Query(head, query)] =
                scale * k.SumOver([keys], "sum", () => terms[keys.Variable, 0, 0, 0] * x[at.Value(head, keys.Variable)]));
            if (logarithms is not null)
            {
                logarithms[at.Number(head, query), 0, 0, 0] = largest + Log(total);
            }
        }));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        var at = new Places(pass.Output.Shape, Heads);
        Shape pairs = Shape.Image(1, at.Length, at.Length);
        LoopTensor weights = pass.Temporary("weights", pairs), scores = pass.Temporary("scores", pairs);
        LoopTensor logarithms = pass.Saved(Logarithms, Shape.Vector(Heads * at.Length));
        pass.Step("", k => k.For([("h", Heads)], of =>
        {
            RecordPairs(pass, k, at, of[0], weights, scores, logarithms);
            RecordGradients(pass, k, at, of[0], weights, scores, dx);
        }));
    }

    /// <summary>The weights of a head's pairs of tokens, and the gradients of their scores.</summary>
    private static void RecordPairs(
        LoopPass pass, Loops k, Places at, Index head, LoopTensor weights, LoopTensor scores, LoopTensor logarithms)
    {
        LoopTensor x = pass.Input, y = pass.Output, dy = pass.OutputGradient;
        SumLoop features = new("c", at.Features), queries = new("i", at.Length), keys = new("j", at.Length);
        (Index query, Index key) = (queries.Variable, keys.Variable);
        k.For([queries], () =>
        {
            Variable mean = k.SumOver([features], "mean", () => dy[at.Query(head, query)] * y[at.Query(head, query)]);
            Variable logarithm = k.Let("logarithm", logarithms[at.Number(head, query), 0, 0, 0]);
            k.For([keys], () =>
            {
                Variable product = k.SumOver([features], "product", () => x[at.Query(head, query)] * x[at.Key(head, key)]);
                Variable weight = k.Let("weight", Exp((at.Scale * product) - logarithm));
                weights[0, 0, query, key] = weight;
                Variable change = k.SumOver([features], "change", () => dy[at.Query(head, query)] * x[at.Value(head, key)]);
                scores[0, 0, query, key] = at.Scale * (weight * (change - mean));
            });
        });
    }

    private static void RecordGradients(
        LoopPass pass, Loops k, Places at, Index head, LoopTensor weights, LoopTensor scores, LoopTensor dx)
    {
        LoopTensor x = pass.Input, dy = pass.OutputGradient;
        SumLoop features = new("c", at.Features), tokens = new("i", at.Length), others = new("j", at.Length);
        (Index token, Index other) = (tokens.Variable, others.Variable);
        k.For([features, tokens], () =>
        {
            dx[at.Query(head, token)] = k.SumOver([others], "dq", () => scores[0, 0, token, other] * x[at.Key(head, other)]);
            dx[at.Key(head, token)] = k.SumOver([others], "dk", () => scores[0, 0, other, token] * x[at.Query(head, other)]);
            dx[at.Value(head, token)] = k.SumOver([others], "dv", () => weights[0, 0, other, token] * dy[at.Query(head, other)]);
        });
    }

    /// <summary>Where the elements of a head are. The feature is the loop variable <c>c</c>.</summary>
    private sealed class Places(Shape output, int heads)
    {
        private static readonly Index Feature = new IndexVariable("c");

        public int Features => output.Channels / heads;

        public int Length => output.Width;

        /// <summary>1/√d.</summary>
        public double Scale => 1 / Math.Sqrt(Features);

        public ElementIndex Query(Index head, Index token) => Of(head, token, 0);

        public ElementIndex Key(Index head, Index token) => Of(head, token, output.Channels);

        public ElementIndex Value(Index head, Index token) => Of(head, token, 2 * output.Channels);

        /// <summary>The number of a query among those of all heads.</summary>
        public Index Number(Index head, Index query) => (head * Length) + query;

        private ElementIndex Of(Index head, Index token, int first) => new((head * Features) + Feature + first, 0, 0, token);
    }
}
