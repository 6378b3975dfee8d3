namespace Strata.Zoo;

/// <summary>ConvNeXt-T (Liu et al. 2022, table 9) with torchvision's keys, for 3×224×224. 28,589,128 parameters for 1000 classes.</summary>
[Sequential("features.0"), Conv2D(96, 4, Stride = 4), LayerNorm(OverChannels = true, Epsilon = 1e-6)]
[ConvNeXtBlock(96, Name = "features.1.0", Repeat = 3), ConvNeXtDownsample(192, Name = "features.2")]
[ConvNeXtBlock(192, Name = "features.3.0", Repeat = 3), ConvNeXtDownsample(384, Name = "features.4")]
[ConvNeXtBlock(384, Name = "features.5.0", Repeat = 9), ConvNeXtDownsample(768, Name = "features.6")]
[ConvNeXtBlock(768, Name = "features.7.0", Repeat = 3), GlobalAveragePool2D(Name = "avgpool")]
[Sequential("classifier"), LayerNorm(OverChannels = true, Epsilon = 1e-6), Flatten, Dense(Classes)]
public sealed class ConvNeXtTinyAttribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ConvNeXtTinyAttribute(int classes = Classes) { }
}

/// <summary>A depthwise convolution, then four times the channels and back in each pixel (the paper's figure 4), and the input.</summary>
[Branch]
[Branch, Conv2D(Channels, 7, Padding = 3, Groups = Channels, Name = "block.0"),
         LayerNorm(OverChannels = true, Epsilon = 1e-6, Name = "block.2"), Dense(4 * Channels, OverChannels = true, Name = "block.3"), GELU,
         Dense(Channels, OverChannels = true, Name = "block.5"), Scale(Bias = false, Initial = 1e-6, Name = "layer_scale", Key = "")]
[Add]
public sealed class ConvNeXtBlockAttribute : BlockAttribute
{
    private const int Channels = 96;

    /// <summary>Sets the parameter.</summary>
    /// <param name="channels">Channels of the input and of the output.</param>
    public ConvNeXtBlockAttribute(int channels) { }
}

/// <summary>Half the height and the width, with other channels.</summary>
[Sequential, LayerNorm(OverChannels = true, Epsilon = 1e-6), Conv2D(Filters, 2, Stride = 2)]
public sealed class ConvNeXtDownsampleAttribute : BlockAttribute
{
    private const int Filters = 192;

    /// <summary>Sets the parameter.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    public ConvNeXtDownsampleAttribute(int filters) { }
}
