using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>What the ways to compute a convolution are called in tables of measured cycles.</summary>
internal static class AlgorithmName
{
    /// <summary>
    /// Sums of products whose lanes are neighbours in a row; those whose lanes are channels, over tiles of rows and columns; and over all
    /// pixels in a row.
    /// </summary>
    public const string Rows = "rows", Tiles = "tiles", Flat = "flat";

    /// <summary>
    /// Winograd's: <c>F4x4-blocks</c> takes a block of tiles through all transforms, <c>F4x4-whole</c> all tiles through each.
    /// </summary>
    public static string Of(WinogradForm form, bool inBlocks) =>
        $"F{new RowsAndColumns(form.Vertical.Outputs, form.Horizontal.Outputs)}-{(inBlocks ? "blocks" : "whole")}";

    /// <summary>That of a convolution's kernel, or of its first one; null of other kernels.</summary>
    public static string? Of(Kernel kernel) => kernel switch
    {
        TiledConvolution { Form: ConvolutionForm.RowLanes } => Rows,
        TiledConvolution { Form: ConvolutionForm.ChannelLanes } => Tiles,
        FlatConvolution => Flat,
        WinogradBlocks blocks => Of(blocks.Tiles.Form, inBlocks: true),
        WinogradInput whole => Of(whole.Tiles.Form, inBlocks: false),
        _ => null,
    };

    /// <summary>All that can compute a shape.</summary>
    public static IEnumerable<string> For(ConvolutionShape shape)
    {
        IEnumerable<WinogradForm> forms = shape.Stride == RowsAndColumns.One
            ? WinogradForm.For(shape.Kernel.Rows, shape.Kernel.Columns) : [];
        return [Rows, Tiles, Flat, .. forms.SelectMany(form => new[] { Of(form, inBlocks: true), Of(form, inBlocks: false) })];
    }
}
