using System;

namespace Strata;

/// <summary>
/// Takes the channels of several groups in turn, so that the next grouped convolution sees all of them (Zhang et al. 2018):
/// PyTorch's <c>nn.ChannelShuffle</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged.</para>
/// <para>Formula: y[G·c + g] = x[C/G·g + c] with G groups of C/G channels.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ChannelShuffleAttribute : LayerAttribute
{
    /// <summary>Mixes <paramref name="groups"/> groups.</summary>
    /// <param name="groups">G, at least 1; divides the channels.</param>
    public ChannelShuffleAttribute(int groups) => Groups = groups;

    /// <summary>Number of groups.</summary>
    public int Groups { get; }
}
