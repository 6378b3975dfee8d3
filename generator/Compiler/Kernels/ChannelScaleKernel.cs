using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>A batch norm in inference that could not be fused with the step after it.</summary>
/// <param name="Function">The scale, the shift and the activation after the norm.</param>
internal sealed record ChannelScaleKernel(Tier Tier, Prologue Function, VectorGrid Grid, Strides Input, Strides Output,
    bool IsBlocked) : Kernel(Tier)
{
    public override string Summary => "Scale and shift of each channel";

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), scale = k.Parameter("inputScale"), shift = k.Parameter("inputShift"),
            output = k.Parameter("output");
        Expression OfChannel(Pointer values, Index channel) => IsBlocked ? values[channel * Tier.Lanes].Vector : values[channel].Broadcast;
        Grid.Record(k, at => k.Store(
            at.In(output, Output),
            at.Mask(Function.Apply(at.In(input, Input).Vector, OfChannel(scale, at.Channel), OfChannel(shift, at.Channel)))));
    }
}
