using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// Max pooling in inference with channels in lanes. It first computes the maximum of each column of a row of windows, and from these the
/// maximum of each window. Windows that overlap then share comparisons.
/// </summary>
internal sealed class MaximaOfRows : Algorithm
{
    /// <summary>
    /// Whether this algorithm can compute a pooling. In training it cannot, since backward needs the positions of the maxima.
    /// </summary>
    public static bool Takes(ForwardContext at) =>
        !at.Trains && MaximumPooling.Takes(SlidingPooling.WindowOf(at.Group)) && at.Read().Layout == Layout.Blocked;

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        TensorBuffer x = at.Read(), y = at.Result();
        PoolingWindow window = SlidingPooling.WindowOf(group);
        var maxima = new MaximumPooling(at.Tier, window, x.ChannelUnits, StridesOf(x), StridesOf(y), group.Activation);
        int comparisons = (window.Vertical.Kernel * window.Horizontal.Stride) + window.Horizontal.Kernel;
        at.Builder.Add(
            group.Head.Identifier, $"{group.Label}: {window.Input} → {window.Output}", maxima,
            SlidingPooling.CyclesOf(at.Tier, window, x, comparisons), Read(x), Write(y),
            at.Builder.Scratch(group.Last, "maxima", maxima.RowLength));
        return y;
    }
}
