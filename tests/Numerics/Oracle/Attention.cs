using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Self-attention of tokens, with the parameters of PyTorch's module.</summary>
internal sealed record Attention(int Heads, bool Bias = true) : UnaryLayer
{
    /// <summary>In backward, weights may be computed anew from the logarithm of their sum, which is rounded.</summary>
    private const double OfLogarithm = 4 * Numbers.U;

    public override string Prefix => "attention";

    public override string Attribute => Bias ? $"Attention({Heads})" : $"Attention({Heads}, Bias = false)";

    /// <summary>The products with the weights of q, k and v, and the heads.</summary>
    public override int HiddenNodes(Extents input) => 2;

    public override bool Fits(Extents input) => input.Rank == 2 && input.Channels % Heads == 0;

    public override Extents Output(Extents input) => input;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input)
    {
        int features = input.Channels;
        return Bias
            ?
            [
                ("in_proj_weight", [3 * features, features]), ("in_proj_bias", [3 * features]),
                ("out_proj.weight", [features, features]), ("out_proj.bias", [features]),
            ]
            : [("in_proj_weight", [3 * features, features]), ("out_proj.weight", [features, features])];
    }

    public override long MultiplyAdds(Extents input) => (4L * input.Channels * input.Length) + (2L * input.Length * input.Width);

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        Numbers all = Product(x, parameters[0], Bias ? parameters[1] : null, input.Width);
        Numbers heads = Join(all, input, out _);
        Numbers result = Product(heads, parameters[Bias ? 2 : 1], Bias ? parameters[3] : null, input.Width);
        result.Value.CopyTo(y.Value, 0);
        result.Variance.CopyTo(y.Variance, 0);
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        int second = Bias ? 2 : 1;
        Numbers all = Product(x, parameters[0], Bias ? parameters[1] : null, input.Width);
        Numbers heads = Join(all, input, out List<Numbers> weights);
        Numbers ofHeads = new(heads.Length), ofAll = new(all.Length);
        ProductBackward(heads, parameters[second], dy, ofHeads, gradients[second], Bias ? gradients[3] : null, input.Width);
        for (int head = 0; head < Heads; head++)
        {
            JoinBackward(all, ofHeads, ofAll, weights[head], input, head);
        }

        ProductBackward(x, parameters[0], ofAll, dx, gradients[0], Bias ? gradients[1] : null, input.Width);
    }

    /// <summary>A matrix times the features of each token.</summary>
    private static Numbers Product(Numbers x, Numbers weight, Numbers? bias, int tokens)
    {
        int inputs = x.Length / tokens, outputs = weight.Length / inputs;
        var sums = new Sums(outputs * tokens);
        for (int i = 0; i < outputs * tokens; i++)
        {
            (int row, int token) = (i / tokens, i % tokens);
            for (int c = 0; c < inputs; c++)
            {
                int w = (row * inputs) + c, from = (c * tokens) + token;
                sums.Add(i, weight.Value[w], weight.Variance[w], x.Value[from], x.Variance[from]);
            }

            if (bias is not null)
            {
                sums.Add(i, bias.Value[row], bias.Variance[row]);
            }
        }

        var result = new Numbers(sums.Length);
        sums.Store(result);
        return result;
    }

    private static void ProductBackward(
        Numbers x, Numbers weight, Numbers dy, Numbers dx, Sums ofWeight, Sums? ofBias, int tokens)
    {
        int inputs = x.Length / tokens;
        var sums = new Sums(x.Length);
        for (int i = 0; i < dy.Length; i++)
        {
            (int row, int token) = (i / tokens, i % tokens);
            for (int c = 0; c < inputs; c++)
            {
                int w = (row * inputs) + c, from = (c * tokens) + token;
                sums.Add(from, weight.Value[w], weight.Variance[w], dy.Value[i], dy.Variance[i]);
                ofWeight.Add(w, dy.Value[i], dy.Variance[i], x.Value[from], x.Variance[from]);
            }

            ofBias?.Add(row, dy.Value[i], dy.Variance[i]);
        }

        sums.Store(dx);
    }

    /// <summary>All heads: v weighted by the softmax of the products of q and k.</summary>
    private Numbers Join(Numbers all, Extents input, out List<Numbers> weights)
    {
        int tokens = input.Width, features = input.Channels / Heads;
        double scale = 1 / Math.Sqrt(features);
        var result = new Sums(input.Length);
        weights = [];
        for (int head = 0; head < Heads; head++)
        {
            var products = new Sums(tokens * tokens);
            Each(tokens, features, (i, j, c) =>
            {
                (int q, int k) = (At(input, head, 0, c, i), At(input, head, 1, c, j));
                products.Add((i * tokens) + j, all.Value[q], all.Variance[q], all.Value[k], all.Variance[k]);
            });
            Numbers scores = new(products.Length), softmax = new(products.Length);
            products.Store(scores, scale);
            for (int i = 0; i < scores.Length; i++)
            {
                scores.Variance[i] += Square(2 * Numbers.U * scores.Value[i]);
            }

            new Softmax(Axes.Width).Forward(new PassContext(), Extents.Sequence(tokens, tokens), scores, softmax, []);
            for (int i = 0; i < softmax.Length; i++)
            {
                softmax.Variance[i] += Square(softmax.Value[i] * OfLogarithm * (1 + Math.Abs(scores.Value[i])));
            }

            Each(tokens, features, (i, j, c) =>
            {
                (int p, int v) = ((i * tokens) + j, At(input, head, 2, c, j));
                result.Add(At(input, head, 0, c, i), softmax.Value[p], softmax.Variance[p], all.Value[v], all.Variance[v]);
            });
            weights.Add(softmax);
        }

        var numbers = new Numbers(result.Length);
        result.Store(numbers);
        return numbers;
    }

    private void JoinBackward(Numbers all, Numbers dy, Numbers ofAll, Numbers weights, Extents input, int head)
    {
        int tokens = input.Width, features = input.Channels / Heads;
        double scale = 1 / Math.Sqrt(features);
        var changes = new Sums(weights.Length);
        Each(tokens, features, (i, j, c) =>
        {
            (int y, int v) = (At(input, head, 0, c, i), At(input, head, 2, c, j));
            changes.Add((i * tokens) + j, dy.Value[y], dy.Variance[y], all.Value[v], all.Variance[v]);
        });
        Numbers ofWeights = new(weights.Length), ofScores = new(weights.Length);
        changes.Store(ofWeights);
        new Softmax(Axes.Width).Backward(
            new PassContext(), Extents.Sequence(tokens, tokens), weights, weights, ofWeights, ofScores, [], []);
        for (int i = 0; i < ofScores.Length; i++)
        {
            ofScores.Value[i] *= scale;
            ofScores.Variance[i] = (scale * scale * ofScores.Variance[i]) + Square(3 * Numbers.U * ofScores.Value[i]);
        }

        var sums = new Sums(ofAll.Length);
        Each(tokens, features, (i, j, c) =>
        {
            int p = (i * tokens) + j, q = At(input, head, 0, c, i), k = At(input, head, 1, c, j), v = At(input, head, 2, c, j);
            sums.Add(q, ofScores.Value[p], ofScores.Variance[p], all.Value[k], all.Variance[k]);
            sums.Add(k, ofScores.Value[p], ofScores.Variance[p], all.Value[q], all.Variance[q]);
            sums.Add(v, weights.Value[p], weights.Variance[p], dy.Value[q], dy.Variance[q]);
        });
        var own = new Numbers(sums.Length);
        sums.Store(own);
        foreach (int place in Enumerable.Range(0, 3 * features).Select(
            n => At(input, head, n / features, n % features, 0)).SelectMany(first => Enumerable.Range(first, tokens)))
        {
            (ofAll.Value[place], ofAll.Variance[place]) = (own.Value[place], own.Variance[place]);
        }
    }

    private static void Each(int tokens, int features, Action<int, int, int> body)
    {
        for (int i = 0; i < tokens; i++)
        {
            for (int j = 0; j < tokens; j++)
            {
                for (int c = 0; c < features; c++)
                {
                    body(i, j, c);
                }
            }
        }
    }

    /// <summary>The place of a feature of a head's token among those of q (0), k (1) or v (2).</summary>
    private int At(Extents input, int head, int part, int feature, int token)
    {
        int features = input.Channels / Heads;
        return (((part * input.Channels) + (head * features) + feature) * input.Width) + token;
    }
}
