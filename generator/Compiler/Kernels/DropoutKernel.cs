using System;
using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Dropout: an element survives with probability 1 − rate and is scaled by 1/(1 − rate) (Srivastava et al. 2014, in
/// the inverted form). The decision is a function of seed, step, layer, sample and element. So backward can draw it again instead of saving
/// it, and the same elements are dropped on every tier, in every layout and with any number of threads.
/// </summary>
/// <param name="Layer">Number of the layer, which selects the stream of random numbers.</param>
/// <param name="Elements">Elements of one sample.</param>
/// <param name="Together">Number of neighbouring elements that share a decision: 1, all of a channel, or all of the sample.</param>
internal abstract record DropoutKernel(Tier Tier, double Rate, int Layer, int Elements, int Together) : Kernel(Tier)
{
    public sealed override string Summary =>
        "Dropout; the random bits depend on seed, step, "
        + $"layer{(IsOfSample ? " and sample" : $", sample and {(Together == 1 ? "element" : "channel")}")} only";

    /// <summary>Whether all elements of a sample are dropped together.</summary>
    protected bool IsOfSample => Together == Elements;

    protected sealed override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        Variable step = k.ContextParameter();
        uint threshold = (uint)Math.Min(Math.Round(Rate * 4294967296.0), uint.MaxValue);
        Variable scale = k.Let("scale", (float)(1 / (1 - Rate)));
        Variable limit = k.Let("threshold", new Broadcast(new Constant(threshold, ElementType.UInt)));
        Record(
            k,
            (bits, arguments) => k.Let("keep", k.Let("bits", bits.Call([step, (Index)Layer, .. arguments])) >= limit),
            (from, to, keep) =>
            {
                Variable x = k.Let("x", input[from].Vector);
                k.Store(output[to], keep & (x * scale));
            });
    }

    /// <param name="draw">Records the decision. Takes the function of the random bits, and its arguments behind the layer.</param>
    /// <param name="apply">Records the masking of a vector. Takes its offsets in the input and the output.</param>
    protected abstract void Record(KernelBuilder k, Func<RuntimeMember, Expression[], Variable> draw, Action<Index, Index, Variable> apply);
}

/// <summary>Dropout of a block, with a sample in each lane.</summary>
internal sealed record LaneDropoutKernel(Tier Tier, double Rate, int Layer, int Elements, int Together)
    : DropoutKernel(Tier, Rate, Layer, Elements, Together)
{
    public override Work WorkOf(IReadOnlyList<int> extents) =>
        Together == 1 || IsOfSample ? Work.Over(WorkAxis.Elements, Elements) : Work.Over(WorkAxis.Channels, Elements / Together);

    protected override void Record(KernelBuilder k, Func<RuntimeMember, Expression[], Variable> draw, Action<Index, Index, Variable> apply)
    {
        Variable Keep(Index element) => draw(RuntimeApi.RandomBits(Tier.Bits), [element]);
        int together = IsOfSample ? 1 : Together;
        Variable? ofAll = IsOfSample ? Keep(0) : null;
        using (k.Items(out Index[] element, (together == 1 ? "element" : "channel", Elements / together, 1)))
        {
            Variable keep = ofAll ?? Keep(element[0]);
            using (k.Loops(out Index[] pixel, ("pixel", together, 1)))
            {
                Index position = ((element[0] * together) + pixel[0]) * Tier.Lanes;
                apply(position, position, keep);
            }
        }
    }
}

/// <summary>Dropout of one sample in blocks of channels.</summary>
internal sealed record BlockedDropoutKernel(
    Tier Tier, double Rate, int Layer, int Elements, int Together, int Channels, int Rows, int Columns, Strides Input, Strides Output)
    : DropoutKernel(Tier, Rate, Layer, Elements, Together)
{
    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Channels, Channels);

    protected override void Record(KernelBuilder k, Func<RuntimeMember, Expression[], Variable> draw, Action<Index, Index, Variable> apply)
    {
        Variable Keep(Index element, int stride) => draw(RuntimeApi.RandomElementBits(Tier.Bits), [element, (Index)stride]);
        int pixels = Rows * Columns;
        Variable? ofAll = IsOfSample ? Keep(0, 0) : null;
        using (k.Items(out Index[] channel, ("channel", Channels, 1)))
        {
            Variable? ofChannels = ofAll ?? (Together == 1 ? null : Keep(channel[0] * Tier.Lanes, 1));
            using (k.Loops(out Index[] pixel, ("row", Rows, 1), ("column", Columns, 1)))
            {
                Index Position(Strides strides) =>
                    Index.Sum((channel[0], strides.Channel), (pixel[0], strides.Row), (pixel[1], strides.Column));
                apply(Position(Input), Position(Output),
                    ofChannels ?? Keep(Index.Sum((channel[0], Tier.Lanes * pixels), (pixel[0], Columns), (pixel[1], 1)), pixels));
            }
        }
    }
}
