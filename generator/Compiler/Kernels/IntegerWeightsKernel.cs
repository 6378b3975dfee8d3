using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Rounds the weights of a layer to 8 bits. Each output channel has its own scale, by which its largest weight becomes ±127, and no zero
/// point.
/// </summary>
/// <remarks>
/// The inputs of the products count from their least integer, or from their zero point. In the first case each sum begins with what that
/// adds too much: −(z − least) · ∑w.
/// </remarks>
/// <param name="Outputs">Blocks of output channels.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Taps">Taps of the filter, one after the other.</param>
/// <param name="Address">Where the weights of a block of output channels are.</param>
/// <param name="InputStride">The distance from the weights of an input channel to those of the next.</param>
/// <param name="TapStride">The distance from the weights of a tap to those of the next.</param>
internal sealed record IntegerWeightsKernel(
    Tier Tier, RoundedRange Range, int Outputs, int Inputs, int Taps, ChannelAddress Address, int InputStride, int TapStride)
    : Kernel(Tier)
{
    /// <summary>The type of the weights in memory.</summary>
    public ElementType WeightElement { get; init; } = ElementType.Float;

    /// <summary>
    /// Whether a norm follows: a factor and a shift of each channel. They are folded into the scale and the bias of the layer, so that one
    /// product and one sum are left.
    /// </summary>
    public bool HasNorm { get; init; }

    /// <summary>Whether the layer in front of the norm has a bias.</summary>
    public bool HasBias { get; init; }

    public override string Summary => "Weights as integers of 8 bits, with a scale for each output channel";

    private int Lanes => Tier.Lanes;

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Channels, Outputs);

    protected override void Record(KernelBuilder k)
    {
        Pointer weight = k.Parameter(new Pointer("weight", WeightElement)), inputScale = k.Parameter("inputScale"),
            zero = k.Parameter("zero");
        Pointer? bias = HasNorm && HasBias ? k.Parameter("bias") : null, factor = HasNorm ? k.Parameter("factor") : null,
            shift = HasNorm ? k.Parameter("shift") : null;
        Pointer packed = k.Parameter(new Pointer("packed", ElementType.Int)), start = k.Parameter(new Pointer("start", ElementType.Int)),
            scale = k.Parameter("scale");
        Pointer? foldedScale = HasNorm ? k.Parameter("foldedScale") : null, foldedBias = HasNorm ? k.Parameter("foldedBias") : null;
        Variable s = k.Let("s", inputScale[0].Broadcast),
            origin = k.Let("origin", RoundingKernel.ZeroPoint(Range, zero[0].Broadcast));
        int length = Tier.Integers.FilterLength(Lanes, Arithmetic.CeilingDivide(Inputs, Lanes), Taps);
        using (k.Items("block", 1, out IndexVariable block))
        {
            Pointer w = k.PointTo("w", weight[Address.At(block)]), to = k.PointTo("to", packed[block * new Number(length, "filterLength")]);
            Variable largest = k.Let("largest", 0);
            using (k.Loops(out Index[] at, ("i", Inputs, 1), ("tap", Taps, 1)))
            {
                k.Set(largest, Functions.Max(largest, Functions.Abs(Weight(w, at[0], at[1]))));
            }

            // Weights that are infinite or no numbers make a scale that is no number, and so all results of the channel.
            Variable step = k.Let(
                "step", Expression.Select(largest > 0, largest / IntegerFormat.MostWeight, 1) + (largest - largest));
            Variable sum = k.Let("sum", 0);
            k.Run(Intrinsics.Clear(to, length));
            RecordRounds(k, w, to, step, sum);
            k.Store(scale[block * Lanes], step * s);
            k.Store(start[block * Lanes], RuntimeApi.ToIntegers.Call(Tier.Integers.Origin(Range.Least, origin) - origin)
                * RuntimeApi.ToIntegers.Call(sum));
            if (HasNorm)
            {
                Index at = block * Lanes;
                Variable ofChannel = k.Let("ofChannel", factor![at].Vector);
                k.Store(foldedScale![at], step * s * ofChannel);
                k.Store(foldedBias![at], bias is null ? shift![at].Vector : (bias[at].Vector * ofChannel) + shift![at].Vector);
            }
        }
    }

    /// <summary>Records the loop over groups of input channels that stand in one lane, and what is left of them.</summary>
    private void RecordRounds(KernelBuilder k, Pointer w, Pointer to, Variable step, Variable sum)
    {
        int each = Tier.Integers.Each, whole = Inputs / each, pixel = Tier.Integers.PixelLength(Lanes);
        if (whole > 0)
        {
            using (k.Loops(out Index[] at, ("round", whole, 1), ("tap", Taps, 1)))
            {
                Round(at[0], at[1], each);
            }
        }

        if (Inputs % each is var rest and > 0)
        {
            using (k.Loops(out Index[] at, ("lastTap", Taps, 1)))
            {
                Round(new Number(whole), at[0], rest);
            }
        }

        void Round(Index round, Index tap, int count)
        {
            Variable[] q = k.Let(Enumerable.Range(0, count).Select(
                i => ($"{(count < each ? "last" : "q")}{i}", Functions.Round(Weight(w, (round * each) + i, tap) / step))));
            foreach (Variable one in q)
            {
                k.Increase(sum, one);
            }

            Index place = ((((round / pixel * Taps) + tap) * pixel) + (round % pixel)) * Lanes;
            k.Store(to[place], Tier.Integers.Packed(q));
        }
    }

    private Expression Weight(Pointer w, Index input, Index tap) =>
        w[(input * new Number(InputStride, "wInputStride")) + (tap * TapStride)].Vector;
}
