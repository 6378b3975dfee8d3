using Strata.Compiler.Graph;

namespace Strata.Compiler.Lowering;

/// <summary>One number for the rows and one for the columns of an image.</summary>
internal readonly record struct RowsAndColumns(int Rows, int Columns)
{
    public static readonly RowsAndColumns One = new(1, 1);

    public int Area => Rows * Columns;

    /// <summary>The form in tables: <c>56x56</c>.</summary>
    public override string ToString() => $"{Rows}x{Columns}";
}

/// <summary>
/// The properties of a convolution that decide how long each algorithm takes. They are the key of the measured cycles. A sequence counts as
/// an image of one row.
/// </summary>
/// <param name="Inputs">Input channels.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Image">Rows and columns of the output, before pooling.</param>
/// <param name="Pool">The window of fused max pooling; 1×1 if there is none.</param>
internal readonly record struct ConvolutionShape(
    int Inputs, int Outputs, RowsAndColumns Image, RowsAndColumns Kernel, RowsAndColumns Stride, RowsAndColumns Dilation,
    RowsAndColumns Pool)
{
    /// <summary>
    /// The fewest input channels of a measured layer, which are enough to fill a vector. Two kinds of layers have fewer: those that read
    /// the network's input, and those of networks so small that blocks of samples are faster. Neither kind can use Winograd's algorithm,
    /// except for its form in strips (<see cref="Algorithms.WinogradInStrips"/>).
    /// </summary>
    public const int LeastInputs = 16;

    /// <summary>Multiply-adds for one sample by direct sums.</summary>
    public long MultiplyAdds => (long)Inputs * Outputs * Image.Area * Kernel.Area;

    /// <summary>The form in tables: input and output channels, image, kernel, stride, dilation, pooling.</summary>
    public override string ToString() => $"{Inputs} {Outputs} {Image} {Kernel} {Stride} {Dilation} {Pool}";

    /// <summary>
    /// The shape of a group of layers. It is null for convolutions that are not measured:
    /// - with groups, of volumes, or transposed;
    /// - with a norm before it or a mean after it;
    /// - with few channels;
    /// - of the network's input, which is not in blocks of channels.
    /// </summary>
    public static ConvolutionShape? From(LayerGroup group)
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
