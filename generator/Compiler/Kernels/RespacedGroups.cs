using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Changes the distance between groups of channels, in tensors in blocks of channels. Groups begin at multiples of one pitch, and are moved
/// to multiples of another. Lanes between them become zeros. So groups of any size can be padded to fill vectors or to divide them.
/// </summary>
/// <param name="Groups">The number of groups.</param>
/// <param name="Channels">Channels of a group: at most either pitch.</param>
/// <param name="SourcePitch">Channels from one group to the next.</param>
/// <param name="TargetPitch">Channels from one group of the result to the next.</param>
/// <param name="Shape">The extents of the pixels; its channels are not used.</param>
/// <param name="Source">From one block of channels, or one pixel, to the next.</param>
internal sealed record RespacedGroups(Tier Tier, int Groups, int Channels, int SourcePitch, int TargetPitch, Shape Shape, Strides Source,
    Strides Target) : Kernel(Tier)
{
    public override string Summary =>
        $"Groups of {Count(Channels, "channel")}, {Arithmetic.Number(SourcePitch)} apart, at distances of {Arithmetic.Number(TargetPitch)}";

    /// <summary>The number of groups after which both sides begin with a vector again, and the order of lanes repeats.</summary>
    private int Period => Math.Max(PeriodOf(SourcePitch), PeriodOf(TargetPitch));

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Rows, Shape.Rows);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        int whole = Groups / Period, rest = Groups % Period;
        using (k.Items(out Index[] at, ("plane", Shape.Depth, 1), ("row", Shape.Height, 1)))
        {
            Index from = Index.Sum((at[0], Source.Plane), (at[1], Source.Row)), to = Index.Sum((at[0], Target.Plane), (at[1], Target.Row));
            if (whole > 0)
            {
                using (k.Loops(out Index[] period, ("period", whole, 1)))
                {
                    RecordColumns(k, input[from + Index.Sum((period[0], VectorsOf(Period, SourcePitch) * Source.Channel))],
                        output[to + Index.Sum((period[0], VectorsOf(Period, TargetPitch) * Target.Channel))], Period);
                }
            }

            if (rest > 0)
            {
                RecordColumns(k, input[from + (whole * VectorsOf(Period, SourcePitch) * Source.Channel)],
                    output[to + (whole * VectorsOf(Period, TargetPitch) * Target.Channel)], rest);
            }
        }
    }

    private int PeriodOf(int pitch) => Tier.Lanes / Arithmetic.GreatestCommonDivisor(Tier.Lanes, pitch);

    private int VectorsOf(int groups, int pitch) => Arithmetic.CeilingDivide(groups * pitch, Tier.Lanes);

    /// <summary>Moves some groups, for all pixels of a row.</summary>
    private void RecordColumns(KernelBuilder k, Reference from, Reference to, int groups)
    {
        using KernelBuilder.Scope scope = Groups > Period && Groups % Period > 0 ? k.Braces() : default;
        Pointer[] row = k.PointTo(("x", from), ("y", to));
        using (k.Loops(out Index[] column, ("column", Shape.Width, 1)))
        {
            var loaded = new Dictionary<int, Variable>();
            for (int vector = 0; vector < VectorsOf(groups, TargetPitch); vector++)
            {
                Expression? merged = null;
                foreach (IGrouping<int, (int Lane, int From)> source in SourcesOf(vector, groups))
                {
                    if (!loaded.TryGetValue(source.Key, out Variable x))
                    {
                        loaded.Add(source.Key, x = k.Let($"x{source.Key}", Load(row[0], source.Key * Source.Channel)));
                    }

                    Expression part = OrderedBy(x, source);
                    merged = merged is null ? part : merged | part;
                }

                k.Store(row[1][vector * Target.Channel], merged ?? new Constant(0, ElementType.Vector));
            }

            if (Shape.Width > 1)
            {
                k.Advance((row[0], Source.Column), (row[1], Target.Column));
            }
        }
    }

    /// <summary>The sources of a result vector's lanes, grouped by source vector.</summary>
    private IEnumerable<IGrouping<int, (int Lane, int From)>> SourcesOf(int vector, int groups) =>
        from lane in Enumerable.Range(0, Tier.Lanes)
        let place = (vector * Tier.Lanes) + lane
        let channel = place % TargetPitch
        where place / TargetPitch < groups && channel < Channels
        let source = (place / TargetPitch * SourcePitch) + channel
        group (lane, source % Tier.Lanes) by source / Tier.Lanes;

    /// <summary>The lanes of a vector in their new places, with zeros in all others.</summary>
    private Expression OrderedBy(Variable x, IEnumerable<(int Lane, int From)> places)
    {
        // An index beyond the vector's lanes gives zero.
        int[] order = [.. Enumerable.Repeat(-1, Tier.Lanes)];
        foreach ((int lane, int from) in places)
        {
            order[lane] = from;
        }

        return order.SequenceEqual(Enumerable.Range(0, Tier.Lanes)) ? x : Intrinsics.Shuffle(x, order);
    }
}
