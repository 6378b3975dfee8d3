using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

internal sealed record PReLU(bool PerChannel = false) : UnaryLayer
{
    public override string Prefix => "prelu";

    public override string Attribute => PerChannel ? "PReLU(PerChannel = true)" : "PReLU";

    public override Extents Output(Extents input) => input;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) =>
        [("weight", [PerChannel ? input.Channels : 1])];

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int k = Index(input, i);
            double w = parameters[0].Value[k], value = x.Value[i];
            double slope = IsNear(x, i) ? Math.Max(1, Math.Abs(w)) : value > 0 ? 1 : w;
            y.Value[i] = value > 0 ? value : w * value;
            y.Variance[i] = (Square(slope) * x.Variance[i])
                + (value > 0 ? 0 : (Square(value) * parameters[0].Variance[k]) + Square(Numbers.U * w * value));
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int k = Index(input, i);
            double w = parameters[0].Value[k], slope = x.Value[i] > 0 ? 1 : w;
            dx.Value[i] = dy.Value[i] * slope;
            dx.Variance[i] = (Square(IsNear(x, i) ? Math.Max(1, Math.Abs(w)) : slope) * dy.Variance[i])
                + (slope == 1 ? 0 : (Square(dy.Value[i]) * parameters[0].Variance[k]) + Square(Numbers.U * dx.Value[i]))
                + (IsNear(x, i) ? Numbers.EitherWay(dy.Value[i] * (1 - w)) : 0);
            bool counts = x.Value[i] <= 0 || IsNear(x, i);
            gradients[0].Add(k, Math.Min(x.Value[i], 0), counts ? x.Variance[i] : 0, dy.Value[i], counts ? dy.Variance[i] : 0);
        }
    }

    private static bool IsNear(Numbers x, int i) =>
        x.Variance[i] > 0 && Math.Abs(x.Value[i]) <= Numbers.KinkReach * Math.Sqrt(x.Variance[i]);

    private int Index(Extents input, int i) => PerChannel ? i / input.Positions : 0;
}

/// <summary>Whole channels are dropped.</summary>
internal sealed record SpatialDropout(double Rate) : Dropout(Rate)
{
    public override string Attribute => FormattableString.Invariant($"SpatialDropout({Rate:0.0###})");

    public override bool Fits(Extents input) => input.Rank > 1;

    protected override int Draw(Extents input, int element) => element / input.Positions;
}

/// <summary>Whole samples are dropped.</summary>
internal sealed record StochasticDepth(double Rate) : Dropout(Rate)
{
    public override string Prefix => "drop";

    public override string Attribute => FormattableString.Invariant($"StochasticDepth({Rate:0.0###})");

    protected override int Draw(Extents input, int element) => 0;
}

/// <summary>(x − μ)/√(σ² + ε) over parts of what is given at once: one sample, or a batch.</summary>
internal abstract record Normalization(double Epsilon, bool Affine) : UnaryLayer
{
    public sealed override Extents Output(Extents input) => input;

    /// <summary>Which parameter an element has, at a place of its part.</summary>
    protected abstract int Parameter(Extents input, int element, int place);

    protected void Forward(Extents input, IEnumerable<int[]> parts, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        foreach (int[] part in parts)
        {
            (Numbers normal, _, _) = Normalize(x, part);
            for (int i = 0; i < part.Length; i++)
            {
                int e = part[i], k = Affine ? Parameter(input, e, i) : 0;
                double w = Affine ? parameters[0].Value[k] : 1, b = Affine ? parameters[1].Value[k] : 0;
                y.Value[e] = (normal.Value[i] * w) + b;
                y.Variance[e] = Square(w) * normal.Variance[i];
                if (Affine)
                {
                    y.Variance[e] += (Square(normal.Value[i]) * parameters[0].Variance[k]) + parameters[1].Variance[k]
                        + Square(Numbers.U * (Math.Abs(normal.Value[i] * w) + Math.Abs(y.Value[e])));
                }
            }
        }
    }

    protected void Backward(
        Extents input, IEnumerable<int[]> parts, Numbers x, Numbers dy, Numbers dx, IReadOnlyList<Numbers> parameters,
        IReadOnlyList<Sums> gradients)
    {
        foreach (int[] part in parts)
        {
            (Numbers normal, double inverse, double varianceOfInverse) = Normalize(x, part);
            var sums = new Sums(2);
            var g = new Numbers(part.Length);
            for (int i = 0; i < part.Length; i++)
            {
                int e = part[i], k = Affine ? Parameter(input, e, i) : 0;
                double w = Affine ? parameters[0].Value[k] : 1;
                g.Value[i] = dy.Value[e] * w;
                g.Variance[i] = (Square(w) * dy.Variance[e])
                    + (Affine ? (Square(dy.Value[e]) * parameters[0].Variance[k]) + Square(Numbers.U * g.Value[i]) : 0);
                sums.Add(0, g.Value[i], g.Variance[i]);
                sums.Add(1, g.Value[i], g.Variance[i], normal.Value[i], normal.Variance[i]);
                if (Affine)
                {
                    gradients[0].Add(k, dy.Value[e], dy.Variance[e], normal.Value[i], normal.Variance[i]);
                    gradients[1].Add(k, dy.Value[e], dy.Variance[e]);
                }
            }

            var means = new Numbers(2);
            sums.Store(means, 1.0 / part.Length);
            for (int i = 0; i < part.Length; i++)
            {
                double n = normal.Value[i], difference = g.Value[i] - means.Value[0] - (n * means.Value[1]);
                double magnitude = Math.Abs(g.Value[i]) + Math.Abs(means.Value[0]) + Math.Abs(n * means.Value[1]);
                dx.Value[part[i]] = difference * inverse;
                dx.Variance[part[i]] = (Square(difference) * varianceOfInverse) + (Square(inverse) * (g.Variance[i] + means.Variance[0]
                    + (Square(n) * means.Variance[1]) + (Square(means.Value[1]) * normal.Variance[i]) + Square(2 * Numbers.U * magnitude)));
            }
        }
    }

    protected string Arguments(bool affineByDefault, params string[] others)
    {
        IEnumerable<string> arguments = others
            .Append(Epsilon == 1e-5 ? "" : FormattableString.Invariant($"Epsilon = {Epsilon:R}"))
            .Append(Affine == affineByDefault ? "" : Affine ? "Affine = true" : "Affine = false");
        string text = string.Join(", ", arguments.Where(a => a.Length > 0));
        return text.Length == 0 ? "" : $"({text})";
    }

    /// <summary>The mean of a part, and the mean of the squared distances from it.</summary>
    protected static Numbers MomentsOf(Numbers x, int[] part) => Center(x, part).Moments;

    private (Numbers Normal, double Inverse, double Variance) Normalize(Numbers x, int[] part)
    {
        (Numbers normal, Numbers moments) = Center(x, part);
        double inverse = 1 / Math.Sqrt(moments.Value[1] + Epsilon);
        double variance = (Square(inverse * inverse * inverse / 2) * moments.Variance[1]) + Square(3 * Numbers.U * inverse);
        for (int i = 0; i < part.Length; i++)
        {
            double d = normal.Value[i];
            normal.Value[i] = d * inverse;
            normal.Variance[i] = (Square(inverse) * normal.Variance[i]) + (Square(d) * variance) + Square(Numbers.U * d * inverse);
        }

        return (normal, inverse, variance);
    }

    private static (Numbers Centered, Numbers Moments) Center(Numbers x, int[] part)
    {
        var sum = new Sums(2);
        foreach (int e in part)
        {
            sum.Add(0, x.Value[e], x.Variance[e]);
        }

        var moments = new Numbers(2);
        sum.Store(moments, 1.0 / part.Length);
        var centered = new Numbers(part.Length);
        for (int i = 0; i < part.Length; i++)
        {
            centered.Value[i] = x.Value[part[i]] - moments.Value[0];
            centered.Variance[i] = x.Variance[part[i]] + moments.Variance[0] + Square(Numbers.U * centered.Value[i]);
            sum.Add(1, centered.Value[i], centered.Variance[i], centered.Value[i], centered.Variance[i]);
        }

        sum.Store(moments, 1.0 / part.Length);
        return (centered, moments);
    }
}

/// <summary>Over parts of each sample.</summary>
internal abstract record SampleNormalization(double Epsilon, bool Affine) : Normalization(Epsilon, Affine)
{
    public sealed override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) =>
        Affine ? [("weight", ParameterShape(input)), ("bias", ParameterShape(input))] : [];

    public sealed override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters) =>
        Forward(input, Parts(input), x, y, parameters);

    public sealed override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) =>
            Backward(input, Parts(input), x, dy, dx, parameters, gradients);

    /// <summary>Elements that are normalised together.</summary>
    protected abstract IEnumerable<int[]> Parts(Extents input);

    protected abstract int[] ParameterShape(Extents input);
}

internal record GroupNorm(int Groups, double Epsilon = 1e-5, bool Affine = true) : SampleNormalization(Epsilon, Affine)
{
    public override string Prefix => "gn";

    public override string Attribute => "GroupNorm" + Arguments(true, $"{Groups}");

    public override bool Fits(Extents input) => Groups > 0 && input.Channels % Groups == 0;

    protected virtual int GroupsOf(Extents input) => Groups;

    protected override IEnumerable<int[]> Parts(Extents input)
    {
        int length = input.Length / GroupsOf(input);
        return Enumerable.Range(0, GroupsOf(input)).Select(group => Enumerable.Range(group * length, length).ToArray());
    }

    protected override int[] ParameterShape(Extents input) => [input.Channels];

    protected override int Parameter(Extents input, int element, int place) => element / input.Positions;
}

internal sealed record InstanceNorm(double Epsilon = 1e-5, bool Affine = false) : GroupNorm(0, Epsilon, Affine)
{
    public override string Prefix => "in";

    public override string Attribute => "InstanceNorm" + Arguments(false);

    public override bool Fits(Extents input) => input.Positions > 1;

    protected override int GroupsOf(Extents input) => input.Channels;
}

internal sealed record LayerNorm(double Epsilon = 1e-5, bool Affine = true) : SampleNormalization(Epsilon, Affine)
{
    public override string Prefix => "ln";

    public override string Attribute => "LayerNorm" + Arguments(true);

    protected override IEnumerable<int[]> Parts(Extents input) => [[.. Enumerable.Range(0, input.Length)]];

    protected override int[] ParameterShape(Extents input) => input.ToArray();

    protected override int Parameter(Extents input, int element, int place) => element;
}

/// <summary>Each pixel by itself, over its channels.</summary>
internal sealed record ChannelLayerNorm(double Epsilon = 1e-5, bool Affine = true) : SampleNormalization(Epsilon, Affine)
{
    public override string Prefix => "ln";

    public override string Attribute => "LayerNorm" + Arguments(true, "OverChannels = true");

    protected override IEnumerable<int[]> Parts(Extents input) => Enumerable.Range(0, input.Positions)
        .Select(pixel => Enumerable.Range(0, input.Channels).Select(c => (c * input.Positions) + pixel).ToArray());

    protected override int[] ParameterShape(Extents input) => [input.Channels];

    protected override int Parameter(Extents input, int element, int place) => element / input.Positions;
}

internal sealed record LocalResponseNorm(int Size, double Alpha = 1e-4, double Beta = 0.75, double K = 1) : UnaryLayer
{
    public override string Attribute =>
        FormattableString.Invariant($"LocalResponseNorm({Size}, Alpha = {Alpha:R}, Beta = {Beta:R}, K = {K:R})");

    public override Extents Output(Extents input) => input;

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        Numbers powers = Powers(input, x, -Beta);
        for (int i = 0; i < x.Length; i++)
        {
            y.Value[i] = x.Value[i] * powers.Value[i];
            y.Variance[i] = (Square(powers.Value[i]) * x.Variance[i]) + (Square(x.Value[i]) * powers.Variance[i])
                + Square(Numbers.U * y.Value[i]);
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        Numbers own = Powers(input, x, -Beta), next = Powers(input, x, -Beta - 1);
        var ratios = new Numbers(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double product = dy.Value[i] * x.Value[i];
            ratios.Value[i] = product * next.Value[i];
            ratios.Variance[i] = (Square(next.Value[i]) * ((Square(dy.Value[i]) * x.Variance[i]) + (Square(x.Value[i]) * dy.Variance[i])))
                + (Square(product) * next.Variance[i]) + Square(3 * Numbers.U * ratios.Value[i]);
        }

        double factor = 2 * Alpha * Beta / Size;
        for (int i = 0; i < x.Length; i++)
        {
            // Of channel j's window, c − j runs from −⌊n/2⌋ to ⌊(n − 1)/2⌋.
            var sum = new Sums(1);
            int c = i / input.Positions;
            for (int j = Math.Max(0, c - ((Size - 1) / 2)); j <= Math.Min(input.Channels - 1, c + (Size / 2)); j++)
            {
                int e = i + ((j - c) * input.Positions);
                sum.Add(0, ratios.Value[e], ratios.Variance[e]);
            }

            var others = new Numbers(1);
            sum.Store(others, factor);
            double first = dy.Value[i] * own.Value[i], second = x.Value[i] * others.Value[0];
            dx.Value[i] = first - second;
            dx.Variance[i] = (Square(own.Value[i]) * dy.Variance[i]) + (Square(dy.Value[i]) * own.Variance[i])
                + (Square(x.Value[i]) * others.Variance[0]) + (Square(others.Value[0]) * x.Variance[i])
                + Square(3 * Numbers.U * (Math.Abs(first) + Math.Abs(second)));
        }
    }

    private Numbers Powers(Extents input, Numbers x, double exponent)
    {
        var powers = new Numbers(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            var sum = new Sums(1);
            int c = i / input.Positions;
            for (int j = Math.Max(0, c - (Size / 2)); j <= Math.Min(input.Channels - 1, c + ((Size - 1) / 2)); j++)
            {
                int e = i + ((j - c) * input.Positions);
                sum.Add(0, x.Value[e], x.Variance[e], x.Value[e], x.Variance[e]);
            }

            var mean = new Numbers(1);
            sum.Store(mean, Alpha / Size);
            double s = K + mean.Value[0], power = Math.Pow(s, exponent);
            powers.Value[i] = power;

            // Roots and quotients, or an exponential of a logarithm.
            powers.Variance[i] = (Square(exponent * power / s) * (mean.Variance[0] + Square(2 * Numbers.U * s)))
                + Square((6 + (4 * Math.Abs(exponent * Math.Log(s)))) * Numbers.U * power);
        }

        return powers;
    }
}

internal sealed record LogSoftmax(Axes Axes = Axes.Channels) : UnaryLayer
{
    public override string Attribute => Axes == Axes.Channels ? "LogSoftmax" : $"LogSoftmax(Axes = {AlongAxes.Spell(Axes)})";

    public override bool Fits(Extents input) => AlongAxes.Fit(Axes, input);

    public override Extents Output(Extents input) => input;

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        foreach (int[] part in AlongAxes.Parts(input, Axes))
        {
            double max = part.Max(e => x.Value[e]), logarithm = Math.Log(part.Sum(e => Math.Exp(x.Value[e] - max)));
            double shared =
                part.Sum(e => Square(Math.Exp(x.Value[e] - max - logarithm)) * (x.Variance[e] + Softmax.OfExponential(x.Value[e] - max)));
            foreach (int e in part)
            {
                y.Value[e] = x.Value[e] - max - logarithm;
                y.Variance[e] = x.Variance[e] + shared
                    + Square(Numbers.U * (4 + (4 * logarithm) + Math.Abs(x.Value[e] - max) + Math.Abs(y.Value[e])));
            }
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        foreach (int[] part in AlongAxes.Parts(input, Axes))
        {
            var sums = new Sums(1);
            foreach (int e in part)
            {
                sums.Add(0, dy.Value[e], dy.Variance[e]);
            }

            var sum = new Numbers(1);
            sums.Store(sum);
            foreach (int e in part)
            {
                double p = Math.Exp(y.Value[e]), product = p * sum.Value[0];
                dx.Value[e] = dy.Value[e] - product;
                dx.Variance[e] = dy.Variance[e] + (Square(p) * sum.Variance[0])
                    + (Square(product) * (y.Variance[e] + Softmax.OfExponential(y.Value[e])))
                    + Square(Numbers.U * (Math.Abs(dx.Value[e]) + Math.Abs(product)));
            }
        }
    }
}
