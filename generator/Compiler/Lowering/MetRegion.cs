using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Neighbouring outputs along an axis for which the same taps meet the input. Their other taps read zeros of the padding.
/// </summary>
/// <param name="First">The first output.</param>
/// <param name="Count">How many outputs there are.</param>
/// <param name="FirstTap">The first of the taps.</param>
/// <param name="Taps">How many taps there are.</param>
internal readonly record struct MetRange(int First, int Count, int FirstTap, int Taps)
{
    /// <summary>All ranges of an axis; none if no tap meets the input at some output.</summary>
    public static IReadOnlyList<MetRange> All(WindowAxis axis, int extent, int outputs)
    {
        var ranges = new List<MetRange>();
        for (int o = 0; o < outputs; o++)
        {
            int start = (o * axis.Stride) - axis.PadBefore;
            int first = Math.Max(0, -WindowAxis.FloorDivide(start, axis.Dilation));
            int last = Math.Min(axis.Kernel - 1, WindowAxis.FloorDivide(extent - 1 - start, axis.Dilation));
            int taps = last - first + 1;
            if (taps < 1)
            {
                return [];
            }

            if (ranges.Count > 0 && ranges[ranges.Count - 1] is var before && before.FirstTap == first && before.Taps == taps)
            {
                ranges[ranges.Count - 1] = before with { Count = before.Count + 1 };
            }
            else
            {
                ranges.Add(new MetRange(o, 1, first, taps));
            }
        }

        return ranges;
    }

    /// <summary>For each tap of an axis, the outputs at which it meets the input.</summary>
    public static IReadOnlyList<MetRange> OfTaps(WindowAxis axis, int extent, int outputs)
    {
        var ranges = new MetRange[axis.Kernel];
        for (int tap = 0; tap < axis.Kernel; tap++)
        {
            int start = (tap * axis.Dilation) - axis.PadBefore;
            int first = Math.Max(0, -WindowAxis.FloorDivide(start, axis.Stride));
            int last = Math.Min(outputs - 1, WindowAxis.FloorDivide(extent - 1 - start, axis.Stride));
            ranges[tap] = new MetRange(first, last - first + 1, tap, 1);
        }

        return ranges;
    }
}

/// <summary>
/// A rectangle of a convolution's outputs that is computed by itself, with the taps that meet the input. With a dilated window whose taps
/// are nearly as far apart as the image is large, most products would be by zeros. Example: with 3×3 taps that are 12 pixels apart, over
/// 14×14 pixels, the middle tap meets the input at all outputs, and each other tap at 28 of them or at 4.
/// </summary>
internal readonly record struct MetRegion(MetRange Rows, MetRange Columns)
{
    /// <summary>Outputs are divided if at most this share of the work is left.</summary>
    private const double MostWork = 0.7;

    /// <summary>More regions would be more code than they save.</summary>
    private const int MostRegions = 25;

    /// <summary>Loading a region's weights takes about as long as multiplying this many pixels by them.</summary>
    private const int PixelsOfLoad = 8;

    private int Pixels => Rows.Count * Columns.Count;

    private int Taps => Rows.Taps * Columns.Taps;

    /// <summary>
    /// The regions of a layer's outputs; a single one if dividing them saves little. This depends on the layer only, and not on a tier or
    /// on what the lanes are, so that each output is the same sum in all programs.
    /// </summary>
    public static IReadOnlyList<MetRegion> Of(LayerGroup group)
    {
        FilterWeight filters = group.Filters!;
        (Shape input, Shape output, WindowAxes window) = (group.Input.Shape, group.Head.Shape, filters.Window);
        return Of((window.Vertical, input.Height, output.Height), (window.Horizontal, input.Width, output.Width),
            mayDivide: group.PoolWindow is null && OfTaps(group).Count > 1);
    }

    /// <summary>Whether regions can be computed by themselves.</summary>
    public static bool MayDivide(FilterWeight filters) => !filters.IsTransposed && (filters.Groups == 1 || filters.IsDepthwise);

    /// <summary>The regions of a window that slides along axes, with the extents of what it reads and of the result.</summary>
    public static IReadOnlyList<MetRegion> Of(
        (WindowAxis Window, int Extent, int Outputs) vertical, (WindowAxis Window, int Extent, int Outputs) horizontal, bool mayDivide)
    {
        var whole = new MetRegion(
            new MetRange(0, vertical.Outputs, 0, vertical.Window.Kernel), new MetRange(0, horizontal.Outputs, 0, horizontal.Window.Kernel));
        if (!mayDivide || whole.Taps == 1)
        {
            return [whole];
        }

        IReadOnlyList<MetRange> rows = MetRange.All(vertical.Window, vertical.Extent, vertical.Outputs),
            columns = MetRange.All(horizontal.Window, horizontal.Extent, horizontal.Outputs);
        if ((long)rows.Count * columns.Count is 0 or > MostRegions)
        {
            return [whole];
        }

        MetRegion[] regions = [.. from row in rows from column in columns select new MetRegion(row, column)];
        double work = regions.Sum(r => (double)r.Taps * Math.Max(r.Pixels, PixelsOfLoad));
        return work <= MostWork * whole.Taps * whole.Pixels ? regions : [whole];
    }

    /// <summary>
    /// For the gradient of the weights: each tap with the outputs at which it meets the input, or all taps together if that saves little.
    /// </summary>
    public static IReadOnlyList<MetRegion> OfTaps(LayerGroup group)
    {
        FilterWeight filters = group.Filters!;
        (Shape input, Shape output, WindowAxes window) = (group.Input.Shape, group.Head.Shape, filters.Window);
        var whole = new MetRegion(
            new MetRange(0, output.Height, 0, window.Vertical.Kernel), new MetRange(0, output.Width, 0, window.Horizontal.Kernel));
        if (!MayDivide(filters) || whole.Taps is 1 or > MostRegions)
        {
            return [whole];
        }

        MetRegion[] taps =
        [
            .. from row in MetRange.OfTaps(window.Vertical, input.Height, output.Height)
               from column in MetRange.OfTaps(window.Horizontal, input.Width, output.Width)
               select new MetRegion(row, column),
        ];
        return taps.All(tap => tap.Rows.Count > 0 && tap.Columns.Count > 0)
            && taps.Sum(tap => (double)tap.Pixels) <= MostWork * whole.Taps * whole.Pixels ? taps : [whole];
    }

    /// <summary>As comments have it.</summary>
    public override string ToString() =>
        $"rows {Rows.First} to {Rows.First + Rows.Count - 1}, columns {Columns.First} to {Columns.First + Columns.Count - 1}: "
        + $"{Kernel.Count(Taps, "tap")} within the image";

    /// <summary>The taps of the filter that the region has.</summary>
    public FilterTaps Of(FilterTaps taps) =>
        new(taps.Depth, taps.Vertical with { Count = Rows.Taps }, taps.Horizontal with { Count = Columns.Taps });

    /// <summary>The first weight of the region, from that of the filter.</summary>
    public int FirstWeight(ConvolutionPacking packing) =>
        (Rows.FirstTap * packing.VerticalPitch) + (Columns.FirstTap * packing.HorizontalPitch);

    /// <summary>The first element of the input that the region's first output reads, from where the first window of all begins.</summary>
    public int FirstInput(WindowAxes window, TensorBuffer x) =>
        (((Rows.First * window.Vertical.Stride) + (Rows.FirstTap * window.Vertical.Dilation)) * x.RowPitch)
        + (((Columns.First * window.Horizontal.Stride) + (Columns.FirstTap * window.Horizontal.Dilation)) * x.ColumnPitch);

    /// <summary>The place of the region's first output in a tensor of the layer's outputs.</summary>
    public int FirstOutput(TensorBuffer y) => ProgramBuilder.At(y, Rows.First, Columns.First);
}
