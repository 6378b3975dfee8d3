using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A convolution that pads with copies: the margin and the convolution without one.</summary>
/// <param name="Spelled">The convolution as it is declared, with its paddings.</param>
/// <param name="Margin">What it pads with.</param>
/// <param name="Inner">The same convolution without paddings.</param>
internal sealed record PaddedConvolution(Convolution Spelled, Pad Margin, Convolution Inner) : UnaryLayer
{
    public override string Prefix => Inner.Prefix;

    public override string Attribute => $"{Spelled.Attribute[..^1]}, PaddingMode = PaddingMode.{Margin.Mode})";

    public override int HiddenNodes(Extents input) => Margin.Margins.Any(margin => margin > 0) ? 1 : 0;

    public override bool Fits(Extents input) => Margin.Fits(input) && Inner.Fits(input);

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
/// The inverse of a max pooling: reads elements, the pooling's output and its input, and puts each element where its window's maximum
/// stood. Where windows share one, the last of them wins.
/// </summary>
/// <param name="Pool">The pooling, which has a name.</param>
internal sealed record MaxUnpool(MaxPool Pool) : Layer
{
    public override string Attribute => $"MaxUnpool{Pool.Attribute["MaxPool".Length..Pool.Attribute.IndexOf('(')]}(\"{Pool.Name}\")";

    /// <summary>A pooling, what stands behind it, and the inverse.</summary>
    public static Layer[] Around(MaxPool pool, params Layer[] inner)
    {
        MaxPool named = pool with { Name = "down" };
        return [named, .. inner, new MaxUnpool(named)];
    }

    public override bool Fits(IReadOnlyList<Extents> inputs) => inputs[0] == inputs[1];

    public override Extents Output(IReadOnlyList<Extents> inputs) => inputs[2];

    public override void Forward(PassContext context, IReadOnlyList<Extents> inputs, IReadOnlyList<Numbers> xs, Numbers y,
        IReadOnlyList<Numbers> parameters)
    {
        Numbers values = xs[0], read = xs[2];
        var doubtful = new List<(int Window, int Place)>();
        foreach ((int window, int[] elements) in Pool.Windows(inputs[2]))
        {
            int place = Maxima.Best(read, elements);
            (y.Value[place], y.Variance[place]) = (values.Value[window], values.Variance[window]);
            doubtful.AddRange(Maxima.Rivals(read, elements).SelectMany(rival => new[] { (window, place), (window, rival) }));
        }

        // Single precision may have put it elsewhere.
        foreach ((int window, int place) in doubtful)
        {
            context.IsAmbiguous = true;
            y.Variance[place] += Numbers.HereOrThere(Math.Abs(values.Value[window]) + Math.Abs(y.Value[place]));
        }
    }

    public override void Backward(
        PassContext context, IReadOnlyList<Extents> inputs, IReadOnlyList<Numbers> xs, Numbers y, Numbers dy, IReadOnlyList<Numbers> dxs,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        foreach ((int window, int[] elements) in Pool.Windows(inputs[2]))
        {
            int place = Maxima.Best(xs[2], elements);
            dxs[0].Value[window] = dy.Value[place];
            dxs[0].Variance[window] = dy.Variance[place]
                + Maxima.Rivals(xs[2], elements).Sum(rival => dy.Variance[rival] + Numbers.EitherWay(dy.Value[place] - dy.Value[rival]));
        }
    }
}
