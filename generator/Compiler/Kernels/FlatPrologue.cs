using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Records what a <see cref="FlatConvolution"/> does to the pixels of a block before its tiles of channels read them. The results are in
/// memory of their own, tile after tile, with a copy for each tap of the windows.
/// </summary>
/// <param name="operands">The parameters of the kernel that it reads and writes.</param>
internal sealed class FlatPrologue(
    FlatConvolution nest, Prologue prologue, FlatPixels pixels, FlatPrologueOperands operands, KernelBuilder k)
{
    private int Columns => nest.Tile.Columns;

    /// <summary>Records the loops over all pixels of a block.</summary>
    public void Record(PixelBlock block)
    {
        k.Comment("The pixels that all tiles of channels read, one tile behind the other.");
        using (k.For("block", 0, new Number(nest.InputBlocks, "blocks"), 1, out IndexVariable channels))
        {
            Variable[] constants = !prologue.Scaled ? [] : k.Let(
                ("inputScale_c", operands.Scale![channels * nest.Lanes].Vector),
                ("inputShift_c", operands.Shift![channels * nest.Lanes].Vector));
            using (pixels.Tiles(block, out IndexVariable next))
            {
                (Index start, Index[] offsets) = pixels.PlacesOfAny(pixels.First(next), nest.Operands.Input);
                Pointer[] at = k.PointTo(
                    ("x", operands.Input[(channels * new Number(nest.Operands.Input.Channel, "blockStride")) + start]),
                    ("to", operands.Prepared[PlaceOf(next, block) + (channels * nest.PreparedTileLength)]));
                RecordTaps(at[0], at[1], offsets, constants);
            }
        }
    }

    /// <summary>Where the results of a tile of pixels begin.</summary>
    public Index PlaceOf(IndexVariable next, PixelBlock block) => (next - block.First) * new Number(nest.PixelLength, "pixelLength");

    /// <summary>Records the loop over the taps, with a copy of the tile's pixels for each.</summary>
    private void RecordTaps(Pointer first, Pointer target, Index[] offsets, Variable[] constants)
    {
        using (k.Loops(out Index[] tap, ("ky", nest.Filter.Vertical.Count, 1), ("kx", nest.Filter.Horizontal.Count, 1)))
        {
            Pointer x = nest.IsPointwise ? first
                : k.PointTo("xk", first[(tap[0] * nest.RowOfTaps) + (tap[1] * nest.ColumnOfTaps)]);
            k.Group(() =>
            {
                for (int i = 0; i < Columns; i++)
                {
                    Expression[] window = [.. Window().Select(element =>
                        prologue.Apply(x[offsets[i] + element].Vector, constants.FirstOrDefault(), constants.LastOrDefault()))];
                    k.Store(target[i * nest.Lanes], window.Length == 1 ? window[0] : Mean(i, window));
                }
            });
            if (!nest.IsPointwise)
            {
                k.Advance((target, Columns * nest.Lanes));
            }
        }
    }

    /// <summary>The offsets from a pixel to the pixels whose mean is taken; only 0 if no mean is taken.</summary>
    private IEnumerable<Index> Window() =>
        from row in Enumerable.Range(0, prologue.Mean?.Height ?? 1)
        from column in Enumerable.Range(0, prologue.Mean?.Width ?? 1)
        select (row * Number.Offset(prologue.Row, "xRowStride")) + (column * nest.Lanes);

    /// <summary>The mean of a window, summed in order.</summary>
    private Expression Mean(int pixel, Expression[] window)
    {
        Variable sum = k.Let($"sum{pixel}", window[0]);
        foreach (Expression element in window.Skip(1))
        {
            k.Increase(sum, element);
        }

        return sum * new Constant((float)(1.0 / window.Length));
    }
}

/// <summary>The operands of a <see cref="FlatPrologue"/>.</summary>
/// <param name="Scale">Factors of channels; null without them.</param>
/// <param name="Shift">What is added to the products; null if nothing is.</param>
/// <param name="Prepared">Memory for the results.</param>
internal sealed record FlatPrologueOperands(Pointer Input, Pointer? Scale, Pointer? Shift, Pointer Prepared);
