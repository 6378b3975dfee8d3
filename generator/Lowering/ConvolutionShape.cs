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
/// The numbers that decide how long each algorithm takes for a convolution. They are the key of the measured cycles. A sequence is an image
/// of one row.
/// </summary>
/// <param name="Inputs">Channels.</param>
/// <param name="Outputs">Channels.</param>
/// <param name="Image">Rows and columns of outputs, before pooling.</param>
/// <param name="Pool">The windows of fused max pooling; 1×1 if there is none.</param>
internal readonly record struct ConvolutionShape(
    int Inputs, int Outputs, RowsAndColumns Image, RowsAndColumns Kernel, RowsAndColumns Stride, RowsAndColumns Dilation,
    RowsAndColumns Pool)
{
    /// <summary>
    /// The fewest input channels of a measured layer: enough to fill a vector. A layer with fewer channels reads the network's input, or
    /// belongs to a network that is so small that blocks of samples are faster. These exclude Winograd's algorithm, apart from its form in
    /// strips (<see cref="Algorithms.WinogradInStrips"/>).
    /// </summary>
    public const int LeastInputs = 16;

    /// <summary>Multiply-adds of the sums of products for a sample.</summary>
    public long MultiplyAdds => (long)Inputs * Outputs * Image.Area * Kernel.Area;

    /// <summary>The form in tables: input and output channels, image, kernel, stride, dilation, pooling.</summary>
    public override string ToString() => $"{Inputs} {Outputs} {Image} {Kernel} {Stride} {Dilation} {Pool}";

    /// <summary>
    /// The shape of a group of layers; null if such a convolution is not measured:
    /// - with groups, of volumes, or transposed;
    /// - with a norm before it, or a mean after it;
    /// - of few channels;
    /// - of the network's input, which is not in blocks of channels.
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
