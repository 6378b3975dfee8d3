using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>The elements of a tensor along some axes.</summary>
internal static class AlongAxes
{
    private static readonly ConcurrentDictionary<(Extents Extents, Axes Axes), int[][]> PartsOf = new();

    /// <summary>The spelling of an attribute's argument.</summary>
    public static string Spell(Axes axes) =>
        string.Join(" | ", axes.ToString().Split(", ").Select(name => $"Axes.{name}"));

    public static Axes Of(Extents extents) => extents.Rank switch
    {
        1 => Axes.Channels,
        2 => Axes.Channels | Axes.Width,
        3 => Axes.Channels | Axes.Height | Axes.Width,
        _ => Axes.All,
    };

    /// <summary>Whether a tensor has these axes, of which the pixels are as many as there are.</summary>
    public static bool Fit(Axes axes, Extents extents) =>
        (axes & ~Of(extents)) == 0 || axes == Axes.All || (extents.Rank > 1 && axes.HasFlag(Axes.Pixels));

    /// <summary>For each combination of indices along the other axes, in order, the elements along these axes, in order.</summary>
    public static int[][] Parts(Extents extents, Axes axes) => PartsOf.GetOrAdd((extents, axes), of => Group(of.Extents, of.Axes));

    public static int Extent(Extents extents, Axes axis) => axis switch
    {
        Axes.Channels => extents.Channels,
        Axes.Depth => extents.Depth,
        Axes.Height => extents.Height,
        _ => extents.Width,
    };

    /// <summary>The extents with another one along an axis.</summary>
    public static Extents With(Extents extents, Axes axis, int extent) => axis switch
    {
        Axes.Channels => extents with { Channels = extent },
        Axes.Depth => extents with { Depth = extent },
        Axes.Height => extents with { Height = extent },
        _ => extents with { Width = extent },
    };

    /// <summary>The elements of a part of a tensor, and where they are in the whole: further by a number along an axis.</summary>
    public static IEnumerable<(int InPart, int InWhole)> Places(Extents part, Extents whole, Axes axis, int first)
    {
        int At(Axes own) => own == axis ? first : 0;
        for (int i = 0; i < part.Length; i++)
        {
            int x = i % part.Width, y = i / part.Width % part.Height, z = i / (part.Width * part.Height) % part.Depth,
                c = i / part.Positions;
            yield return (i, whole.At(c + At(Axes.Channels), z + At(Axes.Depth), y + At(Axes.Height), x + At(Axes.Width)));
        }
    }

    /// <summary>The extents with 1 along the axes, or without them.</summary>
    public static Extents Reduced(Extents input, Axes axes, bool keep)
    {
        Axes[] all = [.. new[] { Axes.Channels, Axes.Depth, Axes.Height, Axes.Width }.Where(axis => Of(input).HasFlag(axis))];
        int[] extents = [.. input.ToArray().Zip(all).Where(pair => keep || !axes.HasFlag(pair.Second))
            .Select(pair => axes.HasFlag(pair.Second) ? 1 : pair.First)];
        return extents.Length switch
        {
            0 => Extents.Vector(1),
            1 => Extents.Vector(extents[0]),
            2 => Extents.Sequence(extents[0], extents[1]),
            3 => Extents.Image(extents[0], extents[1], extents[2]),
            _ => Extents.Volume(extents[0], extents[1], extents[2], extents[3]),
        };
    }

    /// <summary>How many nodes stand before that of the layer.</summary>
    public static int HiddenNodes(Extents input, Axes axes, bool keep)
    {
        int steps = (axes.HasFlag(Axes.Channels) ? 1 : 0) + ((axes & Of(input) & Axes.Pixels) != 0 ? 1 : 0);
        return Reduced(input, axes, keep).Rank == 1 && input.Rank > 1 ? steps : steps - 1;
    }

    public static string Spell(string kind, Axes axes, bool keep) => $"{kind}({Spell(axes)}{(keep ? ", KeepAxes = true" : "")})";

    private static int[][] Group(Extents extents, Axes axes)
    {
        (int, int, int, int) Key(int c, int z, int y, int x) => (
            axes.HasFlag(Axes.Channels) ? 0 : c, axes.HasFlag(Axes.Depth) ? 0 : z, axes.HasFlag(Axes.Height) ? 0 : y,
            axes.HasFlag(Axes.Width) ? 0 : x);
        var parts = from c in Enumerable.Range(0, extents.Channels)
                    from z in Enumerable.Range(0, extents.Depth)
                    from y in Enumerable.Range(0, extents.Height)
                    from x in Enumerable.Range(0, extents.Width)
                    group extents.At(c, z, y, x) by Key(c, z, y, x) into part
                    select part.ToArray();
        return [.. parts];
    }
}

/// <summary>The sum along some axes, or the mean.</summary>
internal sealed record Total(Axes Axes, bool KeepAxes = false, bool IsMean = false) : LinearLayer
{
    public override string Attribute => AlongAxes.Spell(IsMean ? "Mean" : "Sum", Axes, KeepAxes);

    /// <summary>A sum along the pixels is rounded before it is added along the channels, and divided twice.</summary>
    protected override double FactorError => IsMean ? 3 * Numbers.U : Numbers.U;

    protected override bool Copies => false;

    public override int HiddenNodes(Extents input) => AlongAxes.HiddenNodes(input, Axes, KeepAxes);

    public override bool Fits(Extents input) => AlongAxes.Fit(Axes, input);

    public override Extents Output(Extents input) => AlongAxes.Reduced(input, Axes, KeepAxes);

    protected override IEnumerable<(int From, int To, double Factor)> Terms(Extents input) =>
        AlongAxes.Parts(input, Axes).SelectMany((part, to) => part.Select(from => (from, to, IsMean ? 1.0 / part.Length : 1)));
}

/// <summary>The maximum along some axes.</summary>
internal sealed record Largest(Axes Axes, bool KeepAxes = false) : UnaryLayer
{
    public override string Attribute => AlongAxes.Spell("Max", Axes, KeepAxes);

    public override int HiddenNodes(Extents input) => AlongAxes.HiddenNodes(input, Axes, KeepAxes);

    public override bool Fits(Extents input) => AlongAxes.Fit(Axes, input);

    public override Extents Output(Extents input) => AlongAxes.Reduced(input, Axes, KeepAxes);

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters) =>
        Maxima.Forward(Windows(input), x, y);

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) => Maxima.Backward(Windows(input), x, dy, dx);

    private IEnumerable<(int To, int[] From)> Windows(Extents input) => AlongAxes.Parts(input, Axes).Select((part, to) => (to, part));
}

/// <summary>The index of the largest element along an axis, or of the smallest. It has no gradient.</summary>
internal sealed record IndexAlong(Axes Axis = Axes.Channels, bool IsLeast = false) : UnaryLayer
{
    public override string Attribute =>
        (IsLeast ? "ArgMin" : "ArgMax") + (Axis == Axes.Channels ? "" : $"(Axis = {AlongAxes.Spell(Axis)})");

    public override bool Fits(Extents input) => AlongAxes.Fit(Axis, input);

    public override Extents Output(Extents input) => AlongAxes.Reduced(input, Axis, keep: true);

    /// <summary>Where single precision may take another element, either index is right.</summary>
    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        var signed = new Numbers(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            (signed.Value[i], signed.Variance[i]) = (IsLeast ? -x.Value[i] : x.Value[i], x.Variance[i]);
        }

        foreach ((int[] part, int to) in AlongAxes.Parts(input, Axis).Select((part, to) => (part, to)))
        {
            int best = Array.IndexOf(part, Maxima.Best(signed, part));
            int[] others = [.. Maxima.Rivals(signed, part).Select(other => Array.IndexOf(part, other))];
            (y.Value[to], y.Variance[to]) = (best, Numbers.EitherWay(others.Select(other => Math.Abs(other - best)).Append(0).Max()));
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) => new Sums(x.Length).Store(dx);
}

/// <summary>Layer normalisation along some axes, with parameters of their extents.</summary>
internal sealed record AxesLayerNorm(Axes Axes, double Epsilon = 1e-5, bool Affine = true) : SampleNormalization(Epsilon, Affine)
{
    public override string Prefix => "ln";

    public override string Attribute => "LayerNorm" + Arguments(true, $"Axes = {AlongAxes.Spell(Axes)}");

    public override bool Fits(Extents input) => AlongAxes.Fit(Axes, input)
        && ((Axes & AlongAxes.Of(input)) == AlongAxes.Of(input) || ParameterShape(input).Aggregate((a, b) => a * b) > 1);

    protected override IEnumerable<int[]> Parts(Extents input) => AlongAxes.Parts(input, Axes);

    protected override int[] ParameterShape(Extents input) =>
        [.. input.ToArray().Where((_, i) => Axes.HasFlag(input.Rank > 1 && i > 0 ? (Axes)(8 >> (input.Rank - 1 - i)) : Axes.Channels))];

    protected override int Parameter(Extents input, int element, int place) => place;
}
