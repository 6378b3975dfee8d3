using Strata.Generator.Graph;

namespace Strata.Generator.Lowering;

/// <summary>Two numbers, for the rows and the columns of an image.</summary>
internal readonly record struct RowsAndColumns(int Rows, int Columns)
{
    public static readonly RowsAndColumns One = new(1, 1);

    public int Area => Rows * Columns;

    /// <summary><c>56x56</c>.</summary>
    public override string ToString() => $"{Rows}x{Columns}";
}

/// <summary>
/// What decides how long each algorithm takes for a convolution of an image, or of a sequence, which is an image of one row: by these
/// numbers its measured cycles are found.
/// </summary>
/// <param name="Inputs">Channels.</param>
/// <param name="Outputs">Channels.</param>
/// <param name="Image">Rows and columns of outputs, before pooling.</param>
/// <param name="Pool">The windows of fused max pooling; of one element where there is none.</param>
internal readonly record struct ConvolutionShape(
    int Inputs, int Outputs, RowsAndColumns Image, RowsAndColumns Kernel, RowsAndColumns Stride, RowsAndColumns Dilation,
    RowsAndColumns Pool)
{
    /// <summary>
    /// The fewest input channels of a measured layer: they fill a vector. With fewer it reads the network's input, or the network is so
    /// small that its samples had better go in blocks, which Winograd's algorithm forbids; its transforms then go along the columns alone,
    /// where that pays.
    /// </summary>
    public const int LeastInputs = 16;

    /// <summary>Multiply-adds of the sums of products for a sample.</summary>
    public long MultiplyAdds => (long)Inputs * Outputs * Image.Area * Kernel.Area;

    /// <summary>As in tables: channels in and out, image, kernel, stride, dilation, pooling.</summary>
    public override string ToString() => $"{Inputs} {Outputs} {Image} {Kernel} {Stride} {Dilation} {Pool}";

    /// <summary>
    /// The shape of a group; null of those that are not measured: with groups, of volumes, transposed, with a norm on the way in, with a
    /// mean behind them, or of few channels. Nor is what reads a network's input, which does not lie in blocks of channels.
    /// </summary>
    public static ConvolutionShape? Of(LayerGroup group)
    {
        if (group is not
            {
                Filters: { Groups: 1, IsTransposed: false } filters, Head.Shape: { Rank: 2 or 3 } image, InputNorm: null,
                Pool: null or { Kind: PoolingKind.Max }
            }
            || filters.Inputs < LeastInputs || group.Input.Inputs.Count == 0)
        {
            return null;
        }

        (WindowAxis rows, WindowAxis columns) = (filters.Window.Vertical, filters.Window.Horizontal);
        return new ConvolutionShape(
            filters.Inputs, filters.Filters, new(image.Height, image.Width), new(rows.Kernel, columns.Kernel),
            new(rows.Stride, columns.Stride),
            new(rows.Dilation, columns.Dilation), group.Pool is { } pool ? new(pool.Height, pool.Width) : RowsAndColumns.One);
    }
}
