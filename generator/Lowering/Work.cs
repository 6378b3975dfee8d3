using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>What the items are into which a step may be cut, so that several threads share it.</summary>
internal enum WorkAxis
{
    /// <summary>It stays whole.</summary>
    None,

    /// <summary>Output channels, blocks or tiles of them: where weights outweigh inputs.</summary>
    Channels,

    /// <summary>Rows of outputs, or tiles of them: where inputs outweigh weights.</summary>
    Rows,

    /// <summary>Panels of a dense layer's weights.</summary>
    Panels,

    /// <summary>Elements, or vectors of them, one after the other.</summary>
    Elements,
}

/// <summary>How a step may be cut. An item is a round of the kernel's loops along the axis.</summary>
/// <param name="ChangesBits">Whether the parts' results have to be added, so that the last bits depend on where it is cut.</param>
internal sealed record Work(WorkAxis Axis, int Items, bool ChangesBits = false)
{
    /// <summary>One thread does all of it.</summary>
    public static readonly Work Whole = new(WorkAxis.None, 1);

    /// <summary>
    /// What a kernel can be cut into: every output is computed whole in one item, in the order of a single thread, but for losses. What operators
    /// write as loops stays whole.
    /// </summary>
    /// <param name="arguments">Among them, in order, extents that are no part of the kernel.</param>
    public static Work Of(Kernel kernel, IEnumerable<Argument> arguments)
    {
        int Extent(int index) => arguments.OfType<ExtentArgument>().ElementAt(index).Value;
        return kernel switch
        {
            TiledConvolution convolution => Of(convolution),
            LaneDense dense => new(WorkAxis.Channels, Rounds(Extent(1), dense.Tile)),
            ConvolutionWeightGradient gradient => new(WorkAxis.Channels, gradient.Extents.Groups * Rounds(gradient.Extents.Channels, gradient.Tile.Outputs)),
            BiasGradient => new(WorkAxis.Channels, Extent(0)),
            WindowPooling pooling => new(WorkAxis.Channels, pooling.Units),
            WindowPoolingGradient pooling => new(WorkAxis.Channels, pooling.Units),
            ActivationKernel function => Of(function.Grid),
            ActivationGradientKernel function => Of(function.Grid),
            SumKernel sum => Of(sum.Grid),
            SoftmaxKernel softmax => Of(softmax.Grid),
            SoftmaxGradientKernel softmax => Of(softmax.Grid),
            DropoutKernel dropout => new(dropout.Together > 1 ? WorkAxis.Channels : WorkAxis.Elements, dropout.Elements / dropout.Together),
            ConvertLayoutKernel move => new(WorkAxis.Channels, move.Shape.Channels),
            ClearHaloKernel clear => new(WorkAxis.Channels, clear.Channels),
            ElementLossKernel loss => new(WorkAxis.Elements, loss.Length, ChangesBits: true),
            CrossEntropyKernel loss => new(WorkAxis.Elements, loss.Pixels, ChangesBits: true),
            _ => Whole,
        };
    }

    private static Work Of(TiledConvolution kernel)
    {
        ConvolutionExtents extents = kernel.Extents;
        int channels = extents.Groups * Rounds(extents.Channels, kernel.Tile.Channels);
        int rows = extents.Planes * Rounds(extents.Rows, kernel.Tile.Rows);
        if (rows * extents.Columns == 1 && kernel.Form == ConvolutionForm.ChannelLanes)
        {
            return new(WorkAxis.Panels, channels);
        }

        // What a core reads for all items, where the others read it too: the weights for rows, the inputs for channels.
        long weights = kernel.Filter.Count * extents.Channels * (kernel.LanesAreChannels ? kernel.Tier.Lanes : 1);
        long inputs = (long)extents.Planes * extents.Rows * extents.Columns * (kernel.Form == ConvolutionForm.ChannelLanes ? 1 : kernel.Tier.Lanes);
        return rows > 1 && (inputs > weights || channels == 1) ? new(WorkAxis.Rows, rows) : new(WorkAxis.Channels, channels);
    }

    /// <summary>A tensor without gaps is one long row.</summary>
    private static Work Of(VectorGrid grid) => grid.Channels > 1 ? new(WorkAxis.Channels, grid.Channels)
        : grid.Rows > 1 ? new(WorkAxis.Rows, grid.Rows) : new(WorkAxis.Elements, grid.Columns);

    private static int Rounds(int count, int step) => (count + step - 1) / step;
}
