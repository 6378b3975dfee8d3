using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Attention within windows of an image, with the parameters of torchvision's module.</summary>
internal sealed record ShiftedWindowAttention(int Heads, int Window, int Shift = 0, bool Bias = true) : UnaryLayer
{
    private const string Table = "relative_position_bias_table";

    public override string Prefix => "windowattention";

    public override string Attribute =>
        $"ShiftedWindowAttention({Heads}, {Window}{(Shift > 0 ? $", Shift = {Shift}" : "")}{(Bias ? "" : ", Bias = false")})";

    private int Second => Bias ? 3 : 2;

    /// <summary>The product with the weights of q, k and v, the windows, their heads and the image; the padding and its removal.</summary>
    public override int HiddenNodes(Extents input) => input.Height % Window + input.Width % Window > 0 ? 6 : 4;

    public override bool Fits(Extents input) => input.Rank == 3 && input.Channels % Heads == 0;

    public override Extents Output(Extents input) => input;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input)
    {
        int channels = input.Channels, distances = (2 * Window) - 1;
        (string, int[])[] all =
        [
            ("qkv.weight", [3 * channels, channels]), ("qkv.bias", [3 * channels]), (Table, [distances * distances, Heads]),
            ("proj.weight", [channels, channels]), ("proj.bias", [channels]),
        ];
        return [.. all.Where(parameter => Bias || !parameter.Item1.EndsWith(".bias", StringComparison.Ordinal))];
    }

    public override long MultiplyAdds(Extents input)
    {
        Extents padded = Padded(input);
        long channels = input.Channels, tokens = Window * Window;
        return (3 * channels * channels * padded.Height * padded.Width) + (2 * channels * tokens * padded.Height * padded.Width)
            + (channels * input.Length);
    }

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        Numbers heads = AllHeads(input, x, parameters, null, null, null);
        Numbers result = Attention.Product(heads, parameters[Second], Bias ? parameters[^1] : null, input.Height * input.Width);
        result.Value.CopyTo(y.Value, 0);
        result.Variance.CopyTo(y.Variance, 0);
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        Numbers heads = AllHeads(input, x, parameters, null, null, null), ofHeads = new(heads.Length);
        Attention.ProductBackward(
            heads, parameters[Second], dy, ofHeads, gradients[Second], Bias ? gradients[^1] : null, input.Height * input.Width);
        AllHeads(input, x, parameters, ofHeads, dx, gradients);
    }

    /// <summary>What the heads give. With its gradient, also those of the input and the first parameters.</summary>
    private Numbers AllHeads(
        Extents input, Numbers x, IReadOnlyList<Numbers> parameters, Numbers? dy, Numbers? dx, IReadOnlyList<Sums>? gradients)
    {
        Extents padded = Padded(input);
        int channels = input.Channels, pixels = padded.Height * padded.Width, tokens = Window * Window;
        Numbers wide = Resized(x, input, padded);
        Numbers all = Attention.Product(wide, parameters[0], Bias ? parameters[1] : null, pixels);
        Numbers result = new(wide.Length), ofAll = new(all.Length);
        Numbers? ofResult = dy is null ? null : Resized(dy, input, padded);
        foreach ((int Place, int Region)[] window in Windows(padded))
        {
            Numbers Part(int part) => Gathered(all, window, part * channels, channels, pixels);
            var products = new ScaledDotProducts(
                Heads, false, tokens, tokens, Part(0), Part(1), Part(2), Biases(parameters[Second - 1], window));
            Scatter(products.Result, result, window, 0, pixels);
            if (ofResult is null || gradients is null)
            {
                continue;
            }

            IReadOnlyList<Numbers> of = products.Backward(Gathered(ofResult, window, 0, channels, pixels));
            for (int part = 0; part < 3; part++)
            {
                Scatter(of[part], ofAll, window, part * channels, pixels);
            }

            for (int i = 0; i < of[3].Length; i++)
            {
                gradients[Second - 1].Add(TableAt(i), of[3].Value[i], of[3].Variance[i]);
            }
        }

        if (gradients is not null)
        {
            var ofWide = new Numbers(wide.Length);
            Attention.ProductBackward(wide, parameters[0], ofAll, ofWide, gradients[0], Bias ? gradients[1] : null, pixels);
            Numbers own = Resized(ofWide, padded, input);
            own.Value.CopyTo(dx!.Value, 0);
            own.Variance.CopyTo(dx.Variance, 0);
        }

        return Resized(result, padded, input);
    }

    /// <summary>An image with zeros below and on the right, or without its last rows and columns.</summary>
    private static Numbers Resized(Numbers image, Extents from, Extents to)
    {
        var result = new Numbers(to.Length);
        for (int c = 0; c < from.Channels; c++)
        {
            for (int y = 0; y < Math.Min(from.Height, to.Height); y++)
            {
                for (int x = 0; x < Math.Min(from.Width, to.Width); x++)
                {
                    int source = (((c * from.Height) + y) * from.Width) + x, target = (((c * to.Height) + y) * to.Width) + x;
                    (result.Value[target], result.Variance[target]) = (image.Value[source], image.Variance[source]);
                }
            }
        }

        return result;
    }

    private Extents Padded(Extents input) => Extents.Image(input.Channels, Whole(input.Height), Whole(input.Width));

    private int Whole(int extent) => (extent + Window - 1) / Window * Window;

    /// <summary>For each window, where its pixels are in the image, and on which side of the image's end.</summary>
    private IEnumerable<(int Place, int Region)[]> Windows(Extents padded)
    {
        int down = padded.Height > Window ? Shift : 0, right = padded.Width > Window ? Shift : 0;
        for (int top = 0; top < padded.Height; top += Window)
        {
            for (int left = 0; left < padded.Width; left += Window)
            {
                yield return [.. Enumerable.Range(0, Window * Window).Select(token =>
                {
                    int y = top + (token / Window) + down, x = left + (token % Window) + right;
                    return ((y % padded.Height * padded.Width) + (x % padded.Width), (2 * (y / padded.Height)) + (x / padded.Width));
                })];
            }
        }
    }

    private Numbers Biases(Numbers table, (int Place, int Region)[] window)
    {
        var biases = new Numbers(Heads * window.Length * window.Length);
        for (int i = 0; i < biases.Length; i++)
        {
            int from = TableAt(i), query = i / window.Length % window.Length, key = i % window.Length;
            biases.Value[i] = table.Value[from] - (window[query].Region == window[key].Region ? 0 : 100);
            biases.Variance[i] = table.Variance[from]
                + (window[query].Region == window[key].Region ? 0 : Math.Pow(Numbers.U * biases.Value[i], 2));
        }

        return biases;
    }

    /// <summary>The place in the table of a head's pair of a query and a key.</summary>
    private int TableAt(int pair)
    {
        int tokens = Window * Window, head = pair / (tokens * tokens), query = pair / tokens % tokens, key = pair % tokens;
        int dy = (query / Window) - (key / Window) + Window - 1, dx = (query % Window) - (key % Window) + Window - 1;
        return (((dy * ((2 * Window) - 1)) + dx) * Heads) + head;
    }

    private static Numbers Gathered(Numbers image, (int Place, int Region)[] window, int first, int channels, int pixels)
    {
        var own = new Numbers(channels * window.Length);
        for (int i = 0; i < own.Length; i++)
        {
            int from = ((first + (i / window.Length)) * pixels) + window[i % window.Length].Place;
            (own.Value[i], own.Variance[i]) = (image.Value[from], image.Variance[from]);
        }

        return own;
    }

    private static void Scatter(Numbers own, Numbers image, (int Place, int Region)[] window, int first, int pixels)
    {
        for (int i = 0; i < own.Length; i++)
        {
            int to = ((first + (i / window.Length)) * pixels) + window[i % window.Length].Place;
            (image.Value[to], image.Variance[to]) = (own.Value[i], own.Variance[i]);
        }
    }
}
