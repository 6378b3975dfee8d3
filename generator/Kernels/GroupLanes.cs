using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>Vectors of channels that hold several groups of a convolution side by side.</summary>
internal static class GroupLanes
{
    /// <summary>The vector in which each lane has a channel of its group.</summary>
    /// <param name="channels">Channels of a group.</param>
    /// <param name="channel">The one that is wanted.</param>
    public static Expression Spread(Expression vector, Tier tier, int channels, int channel) =>
        Intrinsics.Shuffle(vector, Enumerable.Range(0, tier.Lanes).Select(lane => (lane / channels * channels) + channel));
}
