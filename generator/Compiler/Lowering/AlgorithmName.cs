using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>The names of convolution algorithms in tables of measured cycles.</summary>
internal static class AlgorithmName
{
    /// <summary>
    /// Names of direct sums of products:
    /// - <c>rows</c>: lanes are neighbours in a row;
    /// - <c>tiles</c>: lanes are channels, and tiles are of rows and columns;
    /// - <c>flat</c>: lanes are channels, and all pixels are one row.
    /// </summary>
    public const string Rows = "rows", Tiles = "tiles", Flat = "flat";

    /// <summary>
    /// The name of a form of Winograd's algorithm. <c>F4x4-blocks</c> takes one block of tiles through all transforms. <c>F4x4-whole</c>
    /// takes all tiles through one transform before the next.
    /// </summary>
    public static string Of(WinogradForm form, bool inBlocks) =>
        $"F{new RowsAndColumns(form.Vertical.Outputs, form.Horizontal.Outputs)}-{(inBlocks ? "blocks" : "whole")}";

    /// <summary>
    /// The name of a convolution kernel's algorithm. An algorithm with several kernels is named by its first. Null for other kernels.
    /// </summary>
    public static string? Of(Kernel kernel) => kernel switch
    {
        TiledConvolution { LaneUse: LaneUse.RowLanes } => Rows,
        TiledConvolution { LaneUse: LaneUse.ChannelLanes } => Tiles,
        FlatConvolution => Flat,
        WinogradBlocks blocks => Of(blocks.Tiles.Form, inBlocks: true),
        WinogradInput whole => Of(whole.Tiles.Form, inBlocks: false),
        _ => null,
    };

    /// <summary>The names of all algorithms that can compute a shape.</summary>
    public static IEnumerable<string> For(ConvolutionShape shape)
    {
        IEnumerable<WinogradForm> forms = shape.Stride == RowsAndColumns.One
            ? WinogradForm.For(shape.Kernel.Rows, shape.Kernel.Columns) : [];
        return [Rows, Tiles, Flat, .. forms.SelectMany(form => new[] { Of(form, inBlocks: true), Of(form, inBlocks: false) })];
    }
}
