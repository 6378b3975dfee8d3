using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Squares of pixels become channels of one pixel (PyTorch's <c>PixelUnshuffle</c>, also called space to depth), and rows become blocks of
/// channels. Channel (c, i, j) at (row, column) is pixel (row·S + i, column·S′ + j) of channel c. So a filter with stride S × S′ becomes
/// one with stride 1.
/// </summary>
/// <param name="Channels">Channels of the input.</param>
/// <param name="StrideRows">S.</param>
/// <param name="StrideColumns">S′.</param>
/// <param name="Rows">Rows of the output.</param>
/// <param name="Columns">Columns of the output.</param>
/// <param name="Input">The distances from one channel and row of the input to the next.</param>
/// <param name="Output">The distances from one block of channels, row and column of the output to the next.</param>
internal sealed record PixelUnshuffle(
    Tier Tier, int Channels, int StrideRows, int StrideColumns, int Rows, int Columns, Strides Input, Strides Output) : Kernel(Tier)
{
    public override string Summary => $"Squares of {StrideRows}×{StrideColumns} pixels to channels";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Rows, Rows);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");

        // Neighbours of a row stay neighbours. If a square has enough of them, they are moved in whole vectors.
        int lanes = Tier.Lanes, together = StrideColumns % lanes == 0 ? lanes : 1;
        using (k.Items(out Index[] row, ("row", Rows, 1)))
        {
            Pointer x = k.PointTo("x", input[Index.Sum((row[0], StrideRows * Input.Row))]),
                y = k.PointTo("y", output[Index.Sum((row[0], Output.Row))]);
            using (k.Loops(out Index[] column, ("column", Columns, 1)))
            {
                Pointer[] pixel = k.PointTo(("from", x[Index.Sum((column[0], StrideColumns))]),
                    ("to", y[Index.Sum((column[0], Output.Column))]));
                for (int line = 0; line < Channels * StrideRows; line++)
                {
                    Index from = (line / StrideRows * Number.OfSizes(Input.Channel, "xChannelStride"))
                        + (line % StrideRows * Number.OfSizes(Input.Row, "xRowStride"));
                    for (int j = 0; j < StrideColumns; j += together)
                    {
                        int channel = (line * StrideColumns) + j;
                        Reference source = pixel[0][from + j],
                            target = pixel[1][
                                (channel / lanes * Number.OfSizes(Output.Channel, "yChannelStride")) + (channel % lanes)];
                        k.Store(target, together == 1 ? source.Value : source.Vector);
                    }
                }
            }
        }
    }
}

/// <summary>
/// Filters for unshuffled pixels: tap (a, b) of input (c, i, j) is tap (a·S + i, b·S′ + j) of input c, and 0 if the filter has no such tap.
/// </summary>
/// <param name="Inputs">Channels before their pixels are unshuffled.</param>
/// <param name="Rows">Rows of taps of the filter.</param>
/// <param name="Columns">Columns of taps of the filter.</param>
/// <param name="StrideRows">S.</param>
/// <param name="StrideColumns">S′.</param>
internal sealed record FilterUnshuffle(int Inputs, int Rows, int Columns, int StrideRows, int StrideColumns)
{
    /// <summary>Taps of all inputs' filters.</summary>
    public int WeightLength => Inputs * Rows * Columns;

    private int Across => Arithmetic.CeilingDivide(Columns, StrideColumns);

    private int Taps => Arithmetic.CeilingDivide(Rows, StrideRows) * Across;

    /// <summary>Records the filters of a block of output channels, a vector for each tap and input.</summary>
    /// <param name="weight">The first weight.</param>
    /// <param name="unshuffled">Where the first weight is stored.</param>
    public void Record(KernelBuilder k, int lanes, Pointer weight, Pointer unshuffled)
    {
        int filter = Taps * lanes;
        k.Run(Intrinsics.Clear(unshuffled, Number.Named(Inputs * StrideRows * StrideColumns * filter, "length")));
        using (k.Loops(out Index[] at, ("image", Inputs, 1), ("row", Rows, 1), ("column", Columns, 1)))
        {
            Index square = Index.Sum((at[1] % StrideRows, StrideColumns)) + (at[2] % StrideColumns);
            Index tap = Index.Sum((at[1] / StrideRows, Across * lanes), (at[2] / StrideColumns, lanes));
            k.Store(
                unshuffled[Index.Sum((at[0], StrideRows * StrideColumns * filter), (square, filter)) + tap],
                weight[Index.Sum((at[0], Rows * Columns * lanes), (at[1], Columns * lanes), (at[2], lanes))].Vector);
        }
    }
}
