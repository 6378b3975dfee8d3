using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Copies channels in blocks into a concatenated tensor, or out of it, if they begin in the middle of a block there. So each vector that is
/// stored is made of two that are read.
/// </summary>
/// <param name="Channels">Channels of the part.</param>
/// <param name="Lane">The lane at which the part begins, in a block of the concatenated tensor.</param>
/// <param name="Joins">Whether the part is copied into the concatenated tensor, whose lanes before it are kept. Otherwise it is copied out,
/// and the lanes after it become zero.</param>
/// <param name="Rows">Rows, of all planes.</param>
internal sealed record BlockShiftKernel(Tier Tier, int Channels, int Lane, bool Joins, int Rows, int Columns, Strides Input,
    Strides Output) : Kernel(Tier)
{
    public override string Summary =>
        Joins ? "Copies channels behind others, into the lanes that follow theirs" : "Copies channels out of lanes between others";

    // Threads divide rows, not channels, since a block can hold channels of two parts.
    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Rows, Rows);

    private int Blocks => Arithmetic.CeilingDivide(Channels, Tier.Lanes);

    /// <summary>Channels in the part's last block.</summary>
    private int Rest => Channels - ((Blocks - 1) * Tier.Lanes);

    /// <summary>Whether these reach into one more block of the concatenated tensor.</summary>
    private bool Spills => Lane + Rest > Tier.Lanes;

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        using (k.Items(out Index[] row, ("row", Rows, 1)))
        {
            Pointer[] at = k.PointTo(("x", input[Index.Sum((row[0], Input.Row))]), ("y", output[Index.Sum((row[0], Output.Row))]));
            if (Joins)
            {
                RecordJoin(k, at[0], at[1]);
            }
            else
            {
                RecordSplit(k, at[0], at[1]);
            }
        }
    }

    private void RecordJoin(KernelBuilder k, Pointer x, Pointer y)
    {
        Variable others = k.Let("others", Intrinsics.LanesBefore(Constant.Single(Lane)));
        Pixels(k, x, y, (from, to) => Expression.Select(others, to.Vector, k.Let("moved", Turned(from.Vector))));
        Inner(k, x, y[Number.Named(Output.Channel, "outputBlock")]);
        if (Spills)
        {
            Pixels(k, x[Number.Named((Blocks - 1) * Input.Channel, "inputEnd")], y[Number.Named(Blocks * Output.Channel, "outputEnd")],
                (from, _) => others & k.Let("moved", Turned(from.Vector)));
        }
    }

    private void RecordSplit(KernelBuilder k, Pointer x, Pointer y)
    {
        Inner(k, x, y);
        Expression? own = Rest == Tier.Lanes ? null : k.Let("own", Intrinsics.LanesBefore(Constant.Single(Rest)));
        Pixels(k, x[Number.Named((Blocks - 1) * Input.Channel, "inputEnd")],
            y[Number.Named((Blocks - 1) * Output.Channel, "outputEnd")], (from, _) =>
        {
            Expression value = Spills ? Meeting(k, from) : Turned(from.Vector);
            return own is null ? value : own & k.Let("moved", value);
        });
    }

    /// <summary>The blocks in the middle. Each is made of two blocks.</summary>
    private void Inner(KernelBuilder k, Pointer x, Reference y)
    {
        if (Blocks == 1)
        {
            return;
        }

        using (k.Loops(out Index[] block, ("block", Blocks - 1, 1)))
        {
            Pixels(k, x[Index.Sum((block[0], Input.Channel))], y + Index.Sum((block[0], Output.Channel)), (from, _) => Meeting(k, from));
        }
    }

    private void Pixels(KernelBuilder k, Reference from, Reference to, Func<Reference, Reference, Expression> value)
    {
        // Without a loop, these variables need a scope of their own.
        using (Columns > 1 ? default : k.Braces())
        using (k.Loops(out Index[] column, ("column", Columns, 1)))
        {
            Reference target = to + Index.Sum((column[0], Output.Column));
            k.Store(target, value(from + Index.Sum((column[0], Input.Column)), target));
        }
    }

    /// <summary>A vector that begins in one block of the input and ends in the next.</summary>
    private Expression Meeting(KernelBuilder k, Reference block)
    {
        Variable low = k.Let("low", block.Vector);
        return Lane == 0 ? low : Turned(Expression.Select(
            Intrinsics.LanesBefore(Constant.Single(Joins ? Tier.Lanes - Lane : Lane)),
            k.Let("high", (block + Number.Named(Input.Channel, "inputBlock")).Vector), low));
    }

    /// <summary>The vector with its lanes rotated: up for copying into the concatenated tensor, down for copying out.</summary>
    private Expression Turned(Expression vector) => Lane == 0 ? vector
        : Intrinsics.Shuffle(vector,
            Enumerable.Range(0, Tier.Lanes).Select(lane => (lane + (Joins ? Tier.Lanes - Lane : Lane)) % Tier.Lanes));
}
