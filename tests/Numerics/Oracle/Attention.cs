using System;
using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Self-attention of tokens, with the parameters of PyTorch's module.</summary>
internal sealed record Attention(int Heads, bool Bias = true, bool Causal = false) : UnaryLayer
{
    public override string Prefix => "attention";

    public override string Attribute => $"Attention({Heads}{(Bias ? "" : ", Bias = false")}{(Causal ? ", Causal = true" : "")})";

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
        Numbers heads = Products(all, input).Result;
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
        ScaledDotProducts products = Products(all, input);
        Numbers heads = products.Result;
        Numbers ofHeads = new(heads.Length), ofAll = new(all.Length);
        ProductBackward(heads, parameters[second], dy, ofHeads, gradients[second], Bias ? gradients[3] : null, input.Width);
        int from = 0;
        foreach (Numbers gradient in products.Backward(ofHeads))
        {
            gradient.Value.CopyTo(ofAll.Value, from);
            gradient.Variance.CopyTo(ofAll.Variance, from);
            from += gradient.Length;
        }

        ProductBackward(x, parameters[0], ofAll, dx, gradients[0], Bias ? gradients[1] : null, input.Width);
    }

    /// <summary>A matrix times the features of each token.</summary>
    public static Numbers Product(Numbers x, Numbers weight, Numbers? bias, int tokens)
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

    /// <summary>Adds to the gradients of a matrix and its biases, and stores that of the tokens.</summary>
    public static void ProductBackward(
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

    /// <summary>q (0), k (1) or v (2).</summary>
    private static Numbers Part(Numbers all, int part)
    {
        int length = all.Length / 3;
        var own = new Numbers(length);
        all.Value.AsSpan(part * length, length).CopyTo(own.Value);
        all.Variance.AsSpan(part * length, length).CopyTo(own.Variance);
        return own;
    }

    private ScaledDotProducts Products(Numbers all, Extents input) =>
        new(Heads, Causal, input.Width, input.Width, Part(all, 0), Part(all, 1), Part(all, 2), null);
}
