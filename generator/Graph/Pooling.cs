namespace Strata.Generator.Graph;

internal enum PoolingKind
{
    Max,
    Average,
}

/// <summary>The maximum or the mean of each window of a channel.</summary>
/// <param name="CountIncludePad">For averages: whether the padding counts in the divisor. True is PyTorch's default.</param>
/// <remarks>
/// With ceil mode the node's shape has one output more than <see cref="WindowAxis.OutputExtent"/>, and the last window reaches beyond the
/// padded input. The window is clipped. The divisor of an average counts rows up to extent + padding (count_include_pad), or rows inside
/// the input.
/// </remarks>
internal sealed record Pooling(PoolingKind Kind, WindowAxis Vertical, WindowAxis Horizontal, bool CountIncludePad) : Operation
{
    public WindowAxis Depth { get; init; } = WindowAxis.One;

    public override Pooling AsPooling => this;

    public override bool TakesActivation => true;

    public override ResultLayout ResultLayout => ResultLayout.OfInput;

    public override Reach ReachOf(Shape input, Shape output) => new(new WindowAxes(Depth, Vertical, Horizontal));
}
