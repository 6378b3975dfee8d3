using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Kernels;

/// <summary>The taps of a filter along one axis, and the distances in input and weights from one tap to the next, in floats.</summary>
internal readonly record struct Taps(int Count, int InputStep, int WeightStep)
{
    /// <summary>An axis along which the filter has one tap.</summary>
    public static readonly Taps One = new(1, 0, 0);
}

/// <summary>The taps of a filter along its axes.</summary>
internal readonly record struct FilterTaps(Taps Depth, Taps Vertical, Taps Horizontal)
{
    public long Count => (long)Depth.Count * Vertical.Count * Horizontal.Count;
}

/// <summary>The taps in a row of a depthwise filter, and the outputs of a tile's row, in steps of the input.</summary>
/// <param name="Taps">Taps of a row.</param>
/// <param name="TapStep">The distance from one tap to the next.</param>
/// <param name="Stride">The distance from one output to the next.</param>
internal readonly record struct RowOfTaps(int Taps, int TapStep, int Stride)
{
    /// <summary>
    /// The inputs that some neighbouring outputs read, each with its products. A product belongs to an output and a tap. The products of an
    /// output are in the order of its taps.
    /// </summary>
    public IEnumerable<IGrouping<int, (int Column, int Tap)>> Inputs(int columns)
    {
        RowOfTaps row = this;
        return from tap in Enumerable.Range(0, row.Taps)
               from column in Enumerable.Range(0, columns)
               group (column, tap) by (column * row.Stride) + (tap * row.TapStep) into input
               orderby row.TapStep < 0 ? -input.Key : input.Key
               select input;
    }

    /// <summary>
    /// The number of these inputs. Let d be the greatest common divisor of TapStep and Stride. If an input is in a product with one output
    /// and a tap, it is also in the product with the output TapStep/d before it and the tap Stride/d after that tap.
    /// </summary>
    public int CountInputs(int columns)
    {
        int step = Math.Abs(TapStep), divisor = Arithmetic.GreatestCommonDivisor(Stride, step);
        return (Taps * columns) - (Math.Max(0, columns - (step / divisor)) * Math.Max(0, Taps - (Stride / divisor)));
    }

    /// <summary>
    /// Whether an input is loaded once for all its products in a tile's row. This requires that it has several products, and that the
    /// registers hold the tile's sums, the weights of the taps, and two inputs. Otherwise each multiply-add loads an input, and the load
    /// ports have no cycle left for what comes from the second-level cache.
    /// </summary>
    public bool IsShared(Tier tier, Tile tile) =>
        Taps + tile.Accumulators + 2 <= tier.Registers && CountInputs(tile.Columns) < Taps * tile.Columns;
}
