using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Graph;

/// <summary>The channel of an input from which a channel of a result is copied, pixel by pixel.</summary>
/// <param name="Input">The index of the input.</param>
/// <param name="Channel">Its channel. −1: the channel of the result is 0.</param>
internal readonly record struct ChannelSource(int Input, int Channel)
{
    /// <summary>A channel of zeros.</summary>
    public static readonly ChannelSource Zero = new(0, -1);
}

/// <summary>Moves of channels, as lists of where each channel of the result comes from.</summary>
internal static class ChannelSources
{
    /// <summary>
    /// The channel at which a result begins in its input, if it is neighbouring channels of a single input; null if it is something else.
    /// </summary>
    public static int? FirstOf(IReadOnlyList<ChannelSource> sources)
    {
        int first = sources[0].Channel;
        return first >= 0 && sources.Select((source, i) => source == new ChannelSource(0, first + i)).All(isNext => isNext) ? first : null;
    }

    /// <summary>The moves of a layer that reads the result of another one: from the inputs of that one.</summary>
    public static EquatableArray<ChannelSource> Behind(IReadOnlyList<ChannelSource> before, IReadOnlyList<ChannelSource> sources) =>
        sources.Select(source => before[source.Channel]).ToEquatableArray();

    /// <summary>
    /// The moves back, from the gradient of the result to that of an input. No two channels of the result come from one channel.
    /// </summary>
    /// <param name="input">The index of the input.</param>
    /// <param name="channels">Channels of the input.</param>
    public static EquatableArray<ChannelSource> Back(IReadOnlyList<ChannelSource> sources, int input, int channels)
    {
        ChannelSource[] back = [.. Enumerable.Repeat(ChannelSource.Zero, channels)];
        for (int i = 0; i < sources.Count; i++)
        {
            if (sources[i].Input == input)
            {
                back[sources[i].Channel] = new ChannelSource(0, i);
            }
        }

        return back.ToEquatableArray();
    }
}
