using System;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Records the products of a tile of a <see cref="FlatConvolution"/>, in a round of its outermost loop: a block of input channels if the
/// filter is one pixel, one input channel and all of its taps otherwise.
/// </summary>
internal sealed class FlatProducts(FlatConvolution nest, TileRegisters tile, TileSums sums, KernelBuilder k)
{
    private FilterTaps Filter => nest.Filter;

    private int Lanes => nest.Lanes;

    /// <summary>Whether the pixels are read where a prologue has put them.</summary>
    private bool IsPrepared => nest.Prologue is not null;

    /// <summary>Floats of the pixels of a tile, for one tap, after a prologue.</summary>
    private int PreparedTap => nest.Tile.Columns * Lanes;

    /// <summary>Records a round.</summary>
    public void Record(Index round, FlatInputs inputs, Pointer weights)
    {
        if (nest.IsPointwise)
        {
            RecordChannels(round, inputs, weights);
        }
        else
        {
            RecordTaps(round, inputs, weights);
        }
    }

    /// <summary>Records the loop over the channels of a block, several per iteration.</summary>
    private void RecordChannels(Index block, FlatInputs inputs, Pointer weights)
    {
        bool isWhole = nest.Extents.Inputs % Lanes == 0;
        int unrolled = nest.Unrolled;
        Index blockStride = IsPrepared ? PreparedTap : new Number(nest.Operands.Input.Channel, "blockStride");
        Pointer[] at = k.PointTo(("x", inputs.First[block * blockStride]), ("w", weights[block * (Lanes * nest.WeightPitch)]));
        if (!IsPrepared)
        {
            RecordPrefetch(at[0]);
        }

        Index end = isWhole ? new Number(Lanes) : Index.Min(Lanes, new Number(nest.Extents.Inputs, "inputs") - (block * Lanes));
        using (k.For("lane", 0, isWhole ? end : k.LetInt("lanes", end), unrolled, out _))
        {
            for (int lane = 0; lane < unrolled; lane++)
            {
                RecordProducts(at[0], inputs, lane, at[1], lane * nest.WeightPitch, isFirst: lane == 0);
            }

            k.Advance((at[0], unrolled), (at[1], unrolled * nest.WeightPitch));
        }
    }

    /// <summary>
    /// Records the loops over the taps of a channel, whose weights are contiguous. Those of the innermost loop are written out.
    /// </summary>
    private void RecordTaps(Index channel, FlatInputs inputs, Pointer weights)
    {
        (int rows, int columns) = (Filter.Vertical.Count, Filter.Horizontal.Count);
        (Number below, Number beside) = IsPrepared ? (new(columns * PreparedTap), new(PreparedTap)) : (nest.RowOfTaps, nest.ColumnOfTaps);
        Index place = IsPrepared ? (channel / Lanes * new Number(nest.PreparedTileLength, "blockLength")) + (channel % Lanes)
            : new ChannelAddress(nest.Operands.Input.Channel, Lanes).At(channel);
        Pointer[] at = k.PointTo(
            ("x", inputs.First[place]), ("w", weights[channel * new Number((int)Filter.Count * Lanes, "wInputStride")]));
        if (columns == 1)
        {
            RecordLine(2, "ky", rows, at[0], below);
            return;
        }

        sums.Loop(k, 2, [("ky", rows, 1)], _ =>
        {
            RecordLine(3, "kx", columns, rows > 1 ? k.PointTo("xk", at[0]) : at[0], beside);
            if (rows > 1)
            {
                k.Advance((at[0], below));
            }
        });

        void RecordLine(int level, string name, int count, Pointer x, Number stride)
        {
            int written = nest.IsWritten(count, level) ? count : 1;
            bool isKnown = stride.Name.Length == 0;
            sums.Loop(k, level, [(name, count, written)], _ =>
            {
                for (int tap = 0; tap < written; tap++)
                {
                    RecordProducts(x, inputs, isKnown ? tap * stride.Value : 0, at[1], tap * Lanes, isFirst: tap == 0);
                    if (!isKnown && tap + 1 < count)
                    {
                        k.Advance((x, stride));
                    }
                }

                if (isKnown && written < count)
                {
                    k.Advance((x, written * stride));
                }

                k.Advance((at[1], written * Lanes));
            });
        }
    }

    private void RecordProducts(Pointer x, FlatInputs inputs, int input, Pointer w, int weight, bool isFirst) => tile.RecordProducts(
        k,
        channel => w[(channel * Number.Offset(nest.FilterLength, "wChannelOffset")) + weight].Vector,
        pixel => x[inputs.Offsets[pixel.Column] + input].Broadcast, isFirst);

    /// <summary>
    /// Prefetches the next tile's pixels, early enough to come from memory. The processor's own prefetcher does not find them: they are
    /// a few pixels in each of many blocks of channels.
    /// </summary>
    private void RecordPrefetch(Pointer x) => k.Group(() =>
    {
        int column = nest.Operands.Input.Column, next = nest.Tile.Columns * column;
        for (int offset = next; offset < 2 * next; offset += Math.Max(WeightsAhead.Line, column))
        {
            k.Run(Intrinsics.Prefetch(x[offset]));
        }
    });
}

/// <summary>Where a tile's pixels are read.</summary>
/// <param name="First">The first pixel, in the first block of channels.</param>
/// <param name="Offsets">Each pixel from there.</param>
internal readonly record struct FlatInputs(Pointer First, Index[] Offsets);
