namespace Strata.Zoo;

/// <summary>
/// MobileNetV3-Large (Howard et al. 2019, table 1) with torchvision's keys, for 3×224×224. 5,483,032 parameters for 1000 classes.
/// </summary>
[BodyV3(Name = "features"), HeadV3(1280, Classes, dropout: Dropout, Name = "")]
public sealed class MobileNetV3LargeAttribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.2;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before the last layer, at least 0 and less than 1.</param>
    public MobileNetV3LargeAttribute(int classes = Classes, double dropout = Dropout) { }
}

/// <summary>
/// MobileNetV3-Small (Howard et al. 2019, table 2) with torchvision's keys, for 3×224×224. 2,542,856 parameters for 1000 classes.
/// </summary>
[Sequential("features"), ConvNormV3(16, 3, stride: 2, hard: true), InvertedV3(16, 16, 16, 3, stride: 2, squeeze: 8)]
[InvertedV3(16, 72, 24, 3, stride: 2), ResidualV3(24, 88, 3)]
[InvertedV3(24, 96, 40, 5, stride: 2, squeeze: 24, hard: true), ResidualV3(40, 240, 5, squeeze: 64, hard: true, Repeat = 2)]
[InvertedV3(40, 120, 48, 5, squeeze: 32, hard: true), ResidualV3(48, 144, 5, squeeze: 40, hard: true)]
[InvertedV3(48, 288, 96, 5, stride: 2, squeeze: 72, hard: true), ResidualV3(96, 576, 5, squeeze: 144, hard: true, Repeat = 2)]
[ConvNormV3(576, 1, hard: true), HeadV3(1024, Classes, dropout: Dropout, Name = "")]
public sealed class MobileNetV3SmallAttribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.2;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before the last layer, at least 0 and less than 1.</param>
    public MobileNetV3SmallAttribute(int classes = Classes, double dropout = Dropout) { }
}

/// <summary>
/// What stands before the head of MobileNetV3-Large. With dilation, the last stage is as large as the one before it, and the taps of its
/// depthwise convolutions are apart, as in segmentation (the paper's section 6.4).
/// </summary>
[Sequential, ConvNormV3(16, 3, stride: 2, hard: true), ResidualV3(16, 16, 3)]
[InvertedV3(16, 64, 24, 3, stride: 2), ResidualV3(24, 72, 3)]
[InvertedV3(24, 72, 40, 5, stride: 2, squeeze: 24), ResidualV3(40, 120, 5, squeeze: 32, Repeat = 2)]
[InvertedV3(40, 240, 80, 3, stride: 2, hard: true), ResidualV3(80, 200, 3, hard: true), ResidualV3(80, 184, 3, hard: true, Repeat = 2)]
[InvertedV3(80, 480, 112, 3, squeeze: 120, hard: true), ResidualV3(112, 672, 3, squeeze: 168, hard: true)]
[InvertedV3(112, 672, 160, 5, stride: Dilation > 1 ? 1 : 2, squeeze: 168, hard: true, dilation: Dilation)]
[ResidualV3(160, 960, 5, squeeze: 240, hard: true, dilation: Dilation, Repeat = 2), ConvNormV3(960, 1, hard: true)]
public sealed class BodyV3Attribute : BlockAttribute
{
    private const int Dilation = 1;

    /// <summary>Sets the parameter.</summary>
    /// <param name="dilation">Distance of the taps in the last stage, at least 1; from 2 on, the stage has a stride of 1.</param>
    public BodyV3Attribute(int dilation = Dilation) { }
}

/// <summary>The means of the channels, and two dense layers.</summary>
[GlobalAveragePool2D, Flatten, Sequential("classifier"), Dense(Features), HardSwish, Dropout(Dropout), Dense(Classes)]
public sealed class HeadV3Attribute : BlockAttribute
{
    private const int Features = 1280, Classes = 1000;
    private const double Dropout = 0.2;

    /// <summary>Sets the parameters.</summary>
    /// <param name="features">Outputs of the first dense layer, at least 1.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before the last layer, at least 0 and less than 1.</param>
    public HeadV3Attribute(int features, int classes, double dropout = Dropout) { }
}

/// <summary>MobileNetV2's inverted bottleneck, which may have squeeze-and-excite and hard swish (the paper's figure 4).</summary>
[Sequential("block"), ConvNormV3(Hidden, 1, hard: Hard, Repeat = Hidden > Inputs ? 1 : 0)]
[ConvNormV3(Hidden, Kernel, stride: Stride, groups: Hidden, hard: Hard, dilation: Dilation)]
[SqueezeExciteHard(Hidden, Squeeze, Repeat = Squeeze > 0 ? 1 : 0), ConvNorm(Filters, 1, epsilon: 0.001, momentum: 0.01)]
public sealed class InvertedV3Attribute : BlockAttribute
{
    private const int Inputs = 16, Hidden = 64, Filters = 24, Kernel = 3, Stride = 1, Squeeze = 0, Dilation = 1;
    private const bool Hard = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="hidden">Channels of the depthwise convolution; a 1×1 convolution makes them if the input has fewer.</param>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the depthwise kernels, at least 1 and odd.</param>
    /// <param name="stride">Stride of the depthwise convolution, at least 1.</param>
    /// <param name="squeeze">Channels between the two convolutions of squeeze-and-excite; 0 for none.</param>
    /// <param name="hard">Hard swish; otherwise a rectifier.</param>
    /// <param name="dilation">Distance of the depthwise convolution's taps, at least 1.</param>
    public InvertedV3Attribute(
        int inputs, int hidden, int filters, int kernel, int stride = Stride, int squeeze = Squeeze, bool hard = Hard,
        int dilation = Dilation)
    { }
}

/// <summary>The inverted bottleneck, added to its input.</summary>
[Branch]
[Branch, InvertedV3(Filters, Hidden, Filters, Kernel, squeeze: Squeeze, hard: Hard, dilation: Dilation, Name = "")]
[Add]
public sealed class ResidualV3Attribute : BlockAttribute
{
    private const int Filters = 24, Hidden = 72, Kernel = 3, Squeeze = 0, Dilation = 1;
    private const bool Hard = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Channels of the input and of the output.</param>
    /// <param name="hidden">Channels of the depthwise convolution, at least as many.</param>
    /// <param name="kernel">Extent of the depthwise kernels, at least 1 and odd.</param>
    /// <param name="squeeze">Channels between the two convolutions of squeeze-and-excite; 0 for none.</param>
    /// <param name="hard">Hard swish; otherwise a rectifier.</param>
    /// <param name="dilation">Distance of the depthwise convolution's taps, at least 1.</param>
    public ResidualV3Attribute(
        int filters, int hidden, int kernel, int squeeze = Squeeze, bool hard = Hard, int dilation = Dilation)
    { }
}

/// <summary>Convolution, batch norm, and hard swish or a rectifier.</summary>
[ConvNorm(Filters, Kernel, stride: Stride, groups: Groups, epsilon: 0.001, momentum: 0.01, dilation: Dilation, Name = "")]
[RectifierV3(Name = "", Repeat = Hard ? 0 : 1), SwishV3(Name = "", Repeat = Hard ? 1 : 0)]
public sealed class ConvNormV3Attribute : BlockAttribute
{
    private const int Filters = 16, Kernel = 3, Stride = 1, Groups = 1, Dilation = 1;
    private const bool Hard = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the square kernel, at least 1 and odd.</param>
    /// <param name="stride">Stride, at least 1.</param>
    /// <param name="groups">Groups of channels that are convolved by themselves; they divide inputs and outputs.</param>
    /// <param name="hard">Hard swish; otherwise a rectifier.</param>
    /// <param name="dilation">Distance of the taps, at least 1.</param>
    public ConvNormV3Attribute(
        int filters, int kernel, int stride = Stride, int groups = Groups, bool hard = Hard, int dilation = Dilation)
    { }
}

/// <summary>A rectifier, for a block that may leave it out.</summary>
[ReLU]
public sealed class RectifierV3Attribute : BlockAttribute;

/// <summary>Hard swish, for a block that may leave it out.</summary>
[HardSwish]
public sealed class SwishV3Attribute : BlockAttribute;
