namespace Strata.Zoo;

/// <summary>
/// ESPCN (Shi et al. 2016, figure 1) for images of any size: it computes all pixels of the larger image from the smaller one, as channels,
/// and puts them side by side at the end. 22,729 parameters for three times the size of one channel.
/// </summary>
[Conv2D(64, 5, Padding = 2), Tanh]
[Conv2D(32, 3, Padding = 1), Tanh]
[Conv2D(Channels * Factor * Factor, 3, Padding = 1), PixelShuffle(Factor)]
public sealed class EspcnAttribute : BlockAttribute
{
    private const int Factor = 3, Channels = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="factor">How many times the input's height and width the output has, at least 1.</param>
    /// <param name="channels">Channels of the input and of the output, at least 1.</param>
    public EspcnAttribute(int factor = Factor, int channels = Channels) { }
}
