namespace Strata.Compiler.Graph;

internal enum PoolingKind
{
    Max,
    Average,
}

/// <summary>The maximum or the mean of each window of a channel.</summary>
/// <param name="CountIncludePad">For average pooling: whether the divisor counts the padding. True is PyTorch's default.</param>
/// <remarks>
/// With ceil mode, the node's shape may have one more output than <see cref="WindowAxis.OutputExtent"/>. The last window then reaches
/// beyond the padded input, and is clipped. The divisor of an average counts the rows up to extent + padding (count_include_pad), or only
/// the rows inside of the input.
/// </remarks>
internal sealed record Pooling(PoolingKind Kind, WindowAxis Vertical, WindowAxis Horizontal, bool CountIncludePad) : Operation
{
    public WindowAxis Depth { get; init; } = WindowAxis.One;

    public override Pooling AsPooling => this;

    public override bool TakesActivation => true;

    public override ResultLayout ResultLayout => ResultLayout.OfInput;

    public override Reach ReachOf(Shape input, Shape output) => new(new WindowAxes(Depth, Vertical, Horizontal));
}
