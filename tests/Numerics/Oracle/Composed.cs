using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A convolution that pads with copies: the margin and the convolution without one.</summary>
/// <param name="Spelled">The convolution as it is declared, with its paddings.</param>
/// <param name="Margin">What it pads with.</param>
/// <param name="Inner">The same convolution without paddings.</param>
internal sealed record PaddedConvolution(Convolution Spelled, Pad Margin, Convolution Inner) : Layer
{
    public override string Prefix => Inner.Prefix;

    public override string Attribute => $"{Spelled.Attribute[..^1]}, PaddingMode = PaddingMode.{Margin.Mode})";

    public override Extents Output(Extents input) => Inner.Output(Margin.Output(input));

    public override long MultiplyAdds(Extents input) => Inner.MultiplyAdds(Margin.Output(input));

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) => Inner.Parameters(input);

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters) =>
        Inner.Forward(context, Margin.Output(input), Padded(context, input, x), y, parameters);

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        Numbers padded = Padded(context, input, x);
        var gradient = new Numbers(padded.Length);
        Inner.Backward(context, Margin.Output(input), padded, y, dy, gradient, parameters, gradients);
        Margin.Backward(context, input, x, padded, gradient, dx, [], []);
    }

    private Numbers Padded(PassContext context, Extents input, Numbers x)
    {
        var padded = new Numbers(Margin.Output(input).Length);
        Margin.Forward(context, input, x, padded, []);
        return padded;
    }
}

/// <summary>
/// A max pooling, a convolution behind it that keeps the size, and the pooling's inverse. The pooling reads exact numbers, so that its
/// maxima are where they are in any precision.
/// </summary>
internal sealed record Unpooled(PoolingLayer Pool, Convolution Inner, int Dimensions) : Layer
{
    public override string Prefix => Inner.Prefix;

    public override string Attribute =>
        $"{Pool.Attribute[..^1]}, Name = \"down\"), {Inner.Attribute}, MaxUnpool{Dimensions}D(\"down\")";

    public override Extents Output(Extents input) => input;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) => Inner.Parameters(Pool.Output(input));

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        (Numbers pooled, Numbers values) = Compute(context, input, x, parameters);
        foreach ((int window, int place) in Places(context, input, x, pooled))
        {
            (y.Value[place], y.Variance[place]) = (values.Value[window], values.Variance[window]);
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        (Numbers pooled, Numbers values) = Compute(context, input, x, parameters);
        Numbers ofValues = new(values.Length), ofPooled = new(pooled.Length);
        foreach ((int window, int place) in Places(context, input, x, pooled))
        {
            (ofValues.Value[window], ofValues.Variance[window]) = (dy.Value[place], dy.Variance[place]);
        }

        Inner.Backward(context, Pool.Output(input), pooled, values, ofValues, ofPooled, parameters, gradients);
        Pool.Backward(context, input, x, pooled, ofPooled, dx, [], []);
    }

    private (Numbers Pooled, Numbers Values) Compute(PassContext context, Extents input, Numbers x, IReadOnlyList<Numbers> parameters)
    {
        Extents inner = Pool.Output(input);
        Numbers pooled = new(inner.Length), values = new(Inner.Output(inner).Length);
        Pool.Forward(context, input, x, pooled, []);
        Inner.Forward(context, inner, pooled, values, parameters);
        return (pooled, values);
    }

    /// <summary>Where each window's maximum stands: where a gradient of the pooling's output ends up.</summary>
    private IEnumerable<(int Window, int Place)> Places(PassContext context, Extents input, Numbers x, Numbers pooled)
    {
        for (int window = 0; window < pooled.Length; window++)
        {
            Numbers one = new(pooled.Length), trace = new(x.Length);
            one.Value[window] = 1;
            Pool.Backward(context, input, x, pooled, one, trace, [], []);
            yield return (window, System.Array.FindIndex(trace.Value, v => v != 0));
        }
    }
}
