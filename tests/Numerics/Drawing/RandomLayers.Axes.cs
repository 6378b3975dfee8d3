using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>Layers that compute something of all elements along some axes.</summary>
internal sealed partial class RandomLayers
{
    private Layer AlongSome(Extents input)
    {
        Axes axes = Some(input);
        bool keep = random.Chance(2);
        return random.Below(12) switch
        {
            0 => new Total(axes, keep),
            1 or 2 => new Total(axes, keep, IsMean: true),
            3 or 4 => new Largest(axes, keep),
            5 => new Softmax(axes),
            6 => new LogSoftmax(axes),
            7 or 8 => new IndexAlong(One(input), IsLeast: random.Chance(2)),
            9 => Top(input, indices: random.Chance(2)),
            _ => new AxesLayerNorm(axes, Epsilon(), Affine: !random.Chance(3)),
        };
    }

    /// <summary>Some of the largest or the smallest elements along an axis, or their indices.</summary>
    public TopK Top(Extents input, bool indices)
    {
        Axes axis = One(input);
        return new TopK(random.Between(1, AlongAxes.Extent(input, axis)), axis, Largest: !random.Chance(3), Indices: indices);
    }

    public Axes One(Extents input) => random.Pick(Own(input));

    private static Axes[] Own(Extents input) =>
        [.. new[] { Axes.Channels, Axes.Depth, Axes.Height, Axes.Width }.Where(axis => AlongAxes.Of(input).HasFlag(axis))];

    /// <summary>One axis as a rule, seldom all.</summary>
    private Axes Some(Extents input)
    {
        Axes[] own = Own(input);
        int form = random.Below(10);
        if (form is 0 or 1 && (input.Rank > 1 || form == 1))
        {
            return form == 0 ? Axes.Pixels : Axes.All;
        }

        Axes one = own[random.Below(own.Length)];
        return form switch
        {
            2 or 3 or 4 or 9 => one | own[random.Below(own.Length)],
            8 when input.Rank > 1 => Axes.Pixels,
            _ => one,
        };
    }
}
