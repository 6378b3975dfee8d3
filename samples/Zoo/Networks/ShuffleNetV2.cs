namespace Strata.Zoo;

/// <summary>
/// ShuffleNetV2 ×1.0 (Ma, Zhang, Zheng and Sun 2018, table 5) with torchvision's keys, for 3×224×224. 2,278,604 parameters for 1000
/// classes.
/// </summary>
[Sequential("conv1"), Conv2D(24, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU]
[MaxPool2D(3, Stride = 2, Padding = 1, Name = "maxpool")]
[ShuffleStage(24, 58, units: 4, Name = "stage2"), ShuffleStage(116, 116, units: 8, Name = "stage3")]
[ShuffleStage(232, 232, units: 4, Name = "stage4"), Sequential("conv5"), Conv2D(1024, 1, Bias = false), BatchNorm, ReLU]
[GlobalAveragePool2D(Name = "mean"), Flatten(Name = "flatten"), Dense(Classes, Name = "fc")]
public sealed class ShuffleNetV2Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ShuffleNetV2Attribute(int classes = Classes)
    {
    }
}

/// <summary>
/// The units of one stage (the paper's figures 3(c) and 3(d)). The first has two branches of its whole input, at half the size.
/// </summary>
[Branch, Sequential("0.branch1"), Conv2D(Inputs, 3, Stride = 2, Padding = 1, Groups = Inputs, Bias = false), BatchNorm,
         Conv2D(Half, 1, Bias = false), BatchNorm, ReLU]
[Branch, ShuffleBranch(Half, stride: 2, Name = "0.branch2")]
[Concat(Name = "0.concat"), ChannelShuffle(2, Name = "0.shuffle")]
[ShuffleUnit(Half, Name = "1", Repeat = Units - 1)]
public sealed class ShuffleStageAttribute : BlockAttribute
{
    private const int Inputs = 24, Half = 58, Units = 4;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="half">Half of the output channels, at least 1.</param>
    /// <param name="units">Units in a row, at least 2.</param>
    public ShuffleStageAttribute(int inputs, int half, int units)
    {
    }
}

/// <summary>Half of the channels stay as they are, half are convolved, and both are shuffled for the next unit.</summary>
[Branch, Split(0, 2)]
[Branch, Split(1, 2), ShuffleBranch(Half, Name = "branch2")]
[Concat, ChannelShuffle(2)]
public sealed class ShuffleUnitAttribute : BlockAttribute
{
    private const int Half = 58;

    /// <summary>Sets the parameter.</summary>
    /// <param name="half">Half of the channels, at least 1.</param>
    public ShuffleUnitAttribute(int half)
    {
    }
}

/// <summary>A depthwise convolution between two of 1×1.</summary>
[Sequential, Conv2D(Filters, 1, Bias = false), BatchNorm, ReLU]
[Conv2D(Filters, 3, Stride = Stride, Padding = 1, Groups = Filters, Bias = false), BatchNorm]
[Conv2D(Filters, 1, Bias = false), BatchNorm, ReLU]
public sealed class ShuffleBranchAttribute : BlockAttribute
{
    private const int Filters = 58, Stride = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Channels of all three, at least 1.</param>
    /// <param name="stride">Stride of the depthwise convolution, at least 1.</param>
    public ShuffleBranchAttribute(int filters, int stride = Stride)
    {
    }
}
