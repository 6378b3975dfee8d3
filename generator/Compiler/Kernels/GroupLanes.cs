using System;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>Vectors of channels that hold several groups of a convolution side by side.</summary>
internal static class GroupLanes
{
    /// <summary>The number of independent sums that hides the latency of a multiply-add.</summary>
    private const int LeastAccumulators = 8;

    /// <summary>Pixels whose products alternate. With fewer, each product would wait for the one before.</summary>
    public static int PixelsTogether(Tier tier, int channels) => Free(tier, channels) - 4 >= LeastAccumulators ? 4 : 2;

    /// <summary>Sums for which there are registers.</summary>
    public static int AccumulatorsOf(Tier tier, int channels) =>
        Math.Min(tier.Accumulators, Free(tier, channels) - PixelsTogether(tier, channels));

    /// <summary>Registers that hold the indices of shuffles. Within 128 bits, the indices are a part of the instruction.</summary>
    public static int OrdersOf(int channels) => channels > 4 ? channels : 0;

    /// <summary>Registers that remain besides the weights of a tap, the indices of shuffles, and a shuffled vector.</summary>
    private static int Free(Tier tier, int channels) => tier.Registers - channels - OrdersOf(channels) - 1;

    /// <summary>The vector in which each lane has a channel of its group.</summary>
    /// <param name="size">Lanes of a group.</param>
    /// <param name="channel">The channel that is wanted.</param>
    public static Expression Spread(Expression vector, Tier tier, int size, int channel) =>
        Intrinsics.Shuffle(vector, Enumerable.Range(0, tier.Lanes).Select(lane => (lane / size * size) + channel));
}
