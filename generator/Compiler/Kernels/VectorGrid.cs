using System;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The vectors of a tensor: channels × rows × vectors of a row. A tensor without gaps is one long row.
/// </summary>
/// <param name="ValidLanes">Lanes of a row's last vector that hold elements; the others become zero. 0: all.</param>
internal readonly record struct VectorGrid(int Channels, int Rows, int Columns, int ValidLanes)
{
    /// <summary>The vectors of a tensor, and of others of its shape that a loop visits with it.</summary>
    public static VectorGrid Covering(TensorBuffer buffer, params TensorBuffer[] others)
    {
        bool compact = buffer.IsCompact;
        foreach (TensorBuffer other in others)
        {
            compact &= other.IsCompact;
        }

        int lanes = buffer.Lanes;
        return buffer.Layout switch
        {
            Layout.Flat => new(1, 1, Arithmetic.CeilingDivide(buffer.Shape.Length, lanes), buffer.Shape.Length % lanes),
            Layout.Planar => new(
                buffer.Shape.Channels, buffer.Shape.Rows, Arithmetic.CeilingDivide(buffer.Shape.Width, lanes), buffer.Shape.Width % lanes),
            _ when compact => new(1, 1, buffer.ChannelUnits * buffer.Shape.Rows * buffer.Shape.Width, 0),
            _ => new(buffer.ChannelUnits, buffer.Shape.Rows, buffer.Shape.Width, 0),
        };
    }

    /// <summary>Strides of a buffer over this grid.</summary>
    public static Strides StridesOf(TensorBuffer buffer) => new(buffer.ChannelPitch, buffer.RowPitch, buffer.Lanes);

    /// <summary>How the work of a kernel over the grid may be divided.</summary>
    public Work Work =>
        Channels > 1 ? new(WorkAxis.Channels, Channels) : Rows > 1 ? new(WorkAxis.Rows, Rows) : Work.Over(WorkAxis.Elements, Columns);

    /// <summary>Records the loops around <paramref name="body"/>.</summary>
    public void Record(KernelBuilder k, Action<GridPosition> body)
    {
        Expression? tail = ValidLanes > 0 ? k.Let("tail", Intrinsics.LanesBefore(Constant.Single(ValidLanes))) : null;
        (string, int, int)[] loops = [("channel", Channels, 1), ("row", Rows, 1), ("column", Columns, 1)];
        int items = Channels > 1 ? 1 : Rows > 1 ? 2 : 3;
        using (k.Items(out Index[] outer, [.. loops.Take(items)]))
        using (k.Loops(out Index[] inner, [.. loops.Skip(items)]))
        {
            Index[] at = [.. outer, .. inner];
            body(new GridPosition(at[0], at[1], at[2], tail, Columns - 1));
        }
    }
}

/// <summary>One of the vectors of a tensor.</summary>
/// <param name="Tail">A mask of the lanes that hold elements, for the last vector of a row; null if all lanes do.</param>
internal sealed record GridPosition(Index Channel, Index Row, Index Column, Expression? Tail, int LastColumn)
{
    /// <summary>The vector's address in a tensor.</summary>
    public Reference In(Pointer tensor, Strides strides) =>
        tensor[Index.Sum((Channel, strides.Channel), (Row, strides.Row), (Column, strides.Column))];

    /// <summary>The value, with zero in the lanes beyond the row.</summary>
    public Expression Mask(Expression value) => Tail is null ? value
        : LastColumn == 0 ? Tail & value
        : Expression.Select(Index.AreEqual(Column, Number.Named(LastColumn, "lastColumn")), Tail & value, value);
}
