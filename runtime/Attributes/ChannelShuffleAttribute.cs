using System;

namespace Strata;

/// <summary>
/// Interleaves the channels of groups, so that each group of the next grouped convolution sees all of them (Zhang et al. 2018):
/// PyTorch's <c>nn.ChannelShuffle</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged.</para>
/// <para>Formula: y[G·c + g] = x[C/G·g + c] for G groups of C/G channels; g is the group and c the channel in it.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ChannelShuffleAttribute : LayerAttribute
{
    /// <summary>Interleaves <paramref name="groups"/> groups of channels.</summary>
    /// <param name="groups">Number of groups G, at least 1. It must divide the number of channels.</param>
    public ChannelShuffleAttribute(int groups) => Groups = groups;

    /// <summary>Number of groups.</summary>
    public int Groups { get; }
}
