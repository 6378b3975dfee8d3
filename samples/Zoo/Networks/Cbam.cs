namespace Strata.Zoo;

/// <summary>
/// Convolutional block attention (Woo, Park, Lee and Kweon 2018, figure 1): a factor from 0 to 1 for each channel, then one for each pixel.
/// </summary>
[ChannelGate(Channels, Channels / 16, Name = "ChannelGate"), SpatialGate(Name = "SpatialGate")]
public sealed class CbamAttribute : BlockAttribute
{
    private const int Channels = 64;

    /// <summary>Sets the parameter.</summary>
    /// <param name="channels">Channels of the input and of the output, at least 16.</param>
    public CbamAttribute(int channels) { }
}

/// <summary>
/// One perceptron reads the means and the maxima of the channels (the paper's figure 2). They stand side by side, as two pixels of one
/// tensor, so that both have its weights.
/// </summary>
[Branch]
[Branch, ChannelStatistics(Name = ""), Dense(Squeeze, OverChannels = true, Name = "mlp.1"), ReLU,
         Dense(Channels, OverChannels = true, Name = "mlp.3"), Sum(Axes.Width, KeepAxes = true), Sigmoid]
[Multiply]
public sealed class ChannelGateAttribute : BlockAttribute
{
    private const int Channels = 64, Squeeze = 4;

    /// <summary>Sets the parameters.</summary>
    /// <param name="channels">Channels of the input and of the output.</param>
    /// <param name="squeeze">Outputs of the perceptron's first layer, at least 1.</param>
    public ChannelGateAttribute(int channels, int squeeze) { }
}

/// <summary>The mean and the maximum of each channel: C×1×2.</summary>
[Branch, GlobalAveragePool2D]
[Branch, GlobalMaxPool2D]
[Concat(Axis = Axes.Width)]
public sealed class ChannelStatisticsAttribute : BlockAttribute;

/// <summary>A 7×7 convolution of the maxima and the means along the channels (the paper's figure 2).</summary>
[Branch]
[Branch, PixelStatistics(Name = ""), Conv2D(1, 7, Padding = 3, Bias = false, Name = "spatial.conv"),
         BatchNorm(Momentum = 0.01, Name = "spatial.bn"), Sigmoid]
[Multiply]
public sealed class SpatialGateAttribute : BlockAttribute;

/// <summary>The maximum and the mean of each pixel's channels: 2×H×W.</summary>
[Branch, Max(Axes.Channels, KeepAxes = true)]
[Branch, Mean(Axes.Channels, KeepAxes = true)]
[Concat]
public sealed class PixelStatisticsAttribute : BlockAttribute;
