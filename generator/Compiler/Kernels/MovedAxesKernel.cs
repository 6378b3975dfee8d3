using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>An axis along which floats move.</summary>
/// <param name="From">The distance of neighbours in the source.</param>
/// <param name="To">Their distance in the result.</param>
internal readonly record struct CopiedAxis(string Name, int Extent, int From, int To);

/// <summary>Moves all floats of a tensor to other places. What lies in a row in both tensors is moved in vectors.</summary>
/// <param name="Axes">The axes, in the order in which the result is written. None continues the one before it in both tensors.</param>
internal sealed record MovedAxesKernel(Tier Tier, EquatableArray<CopiedAxis> Axes) : Kernel(Tier)
{
    /// <summary>Items beyond which no more axes are divided among threads.</summary>
    private const int EnoughItems = 64;

    public override string Summary => "Moves elements to other places";

    /// <summary>The fastest axis of the result.</summary>
    private CopiedAxis Last => Axes.Count > 0 ? Axes[Axes.Count - 1] : new CopiedAxis("element", 1, 1, 1);

    private (string Name, int Count, int Step)[] Outer =>
        [.. Axes.Take(Axes.Count - 1).Select(axis => (axis.Name, axis.Extent, 1))];

    /// <summary>How many of the loops are over items.</summary>
    private int ItemLoops
    {
        get
        {
            int loops = 0;
            for (int items = 1; loops < Outer.Length && items < EnoughItems; loops++)
            {
                items *= Outer[loops].Count;
            }

            return loops;
        }
    }

    public override Work WorkOf(IReadOnlyList<int> extents) =>
        Work.Over(WorkAxis.Rows, Outer.Take(ItemLoops).Aggregate(1, (items, loop) => items * loop.Count));

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        using (k.Items(out Index[] items, [.. Outer.Take(ItemLoops)]))
        using (k.Loops(out Index[] others, [.. Outer.Skip(ItemLoops)]))
        {
            Index[] at = [.. items, .. others];
            Pointer[] row = k.PointTo(
                ("from", input[Index.Sum([.. at.Select((index, i) => (index, Axes[i].From))])]),
                ("to", output[Index.Sum([.. at.Select((index, i) => (index, Axes[i].To))])]));
            if (Last is { From: 1, To: 1 } && Last.Extent >= Tier.Lanes)
            {
                RowCopy.Record(k, row[0], row[1], Last.Extent, Last.Name);
                return;
            }

            using (k.Loops(out Index[] element, (Last.Name, Last.Extent, 1)))
            {
                k.Store(row[1][Index.Sum((element[0], Last.To))], row[0][Index.Sum((element[0], Last.From))].Value);
            }
        }
    }
}

/// <summary>Copies a row in whole vectors. The last vector ends with the row, and may overlap the one before it.</summary>
internal static class RowCopy
{
    /// <param name="width">The floats of the row, at least as many as a vector has.</param>
    /// <param name="name">The name of the loop's variable.</param>
    public static void Record(KernelBuilder k, Pointer from, Pointer to, int width, string name = "column")
    {
        const int UnrollLimit = 4;
        int lanes = k.Lanes, whole = width / lanes;
        if (whole <= UnrollLimit)
        {
            for (int i = 0; i < whole; i++)
            {
                k.Store(to[i * lanes], from[i * lanes].Vector);
            }
        }
        else
        {
            using (k.For(name, 0, whole * lanes, lanes, out IndexVariable column))
            {
                k.Store(to[column], from[column].Vector);
            }
        }

        if (width % lanes != 0)
        {
            Index last = Number.Offset(width - lanes, "lastColumn");
            k.Store(to[last], from[last].Vector);
        }
    }
}
