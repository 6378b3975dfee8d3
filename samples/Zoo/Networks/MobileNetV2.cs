namespace Strata.Zoo;

/// <summary>
/// MobileNetV2 (Sandler, Howard, Zhu, Zhmoginov and Chen 2018, table 2) with torchvision's keys, for 3×224×224. 3,504,872 parameters for
/// 1000 classes.
/// </summary>
[Sequential("features")]
[ConvNormReLU6(32, 3, stride: 2)]
[Separable(32, 16)]
[Inverted(16, 24, stride: 2), InvertedResidual(24)]
[Inverted(24, 32, stride: 2), InvertedResidual(32, Repeat = 2)]
[Inverted(32, 64, stride: 2), InvertedResidual(64, Repeat = 3)]
[Inverted(64, 96), InvertedResidual(96, Repeat = 2)]
[Inverted(96, 160, stride: 2), InvertedResidual(160, Repeat = 2)]
[Inverted(160, 320)]
[ConvNormReLU6(1280, 1)]
[AdaptiveAveragePool2D(1), Flatten]
[Sequential("classifier")]
[Dropout(Dropout), Dense(Classes)]
public sealed class MobileNetV2Attribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.2;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public MobileNetV2Attribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>A depthwise convolution and a linear 1×1 one.</summary>
[Sequential("conv")]
[ConvNormReLU6(Inputs, 3, groups: Inputs)]
[Conv2D(Filters, 1, Bias = false), BatchNorm]
public sealed class SeparableAttribute : BlockAttribute
{
    private const int Inputs = 32, Filters = 16;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="filters">Output channels, at least 1.</param>
    public SeparableAttribute(int inputs, int filters)
    {
    }
}

/// <summary>
/// The inverted bottleneck (the paper's figure 4(d)). A 1×1 convolution makes six times the channels. A depthwise one follows. A last 1×1
/// one goes back to few channels, without an activation.
/// </summary>
[Sequential("conv")]
[ConvNormReLU6(Hidden, 1)]
[ConvNormReLU6(Hidden, 3, stride: Stride, groups: Hidden)]
[Conv2D(Filters, 1, Bias = false), BatchNorm]
public sealed class InvertedAttribute : BlockAttribute
{
    private const int Inputs = 16, Filters = 24, Stride = 1, Hidden = 6 * Inputs;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="stride">Stride of the depthwise convolution, at least 1.</param>
    public InvertedAttribute(int inputs, int filters, int stride = Stride)
    {
    }
}

/// <summary>The inverted bottleneck, added to its input.</summary>
[Branch]
[Branch, Inverted(Filters, Filters, Name = "")]
[Add]
public sealed class InvertedResidualAttribute : BlockAttribute
{
    private const int Filters = 24;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    public InvertedResidualAttribute(int filters)
    {
    }
}

/// <summary>Convolution, batch norm, rectifier clipped at 6.</summary>
[Sequential]
[Conv2D(Filters, Kernel, Stride = Stride, Padding = Kernel / 2, Groups = Groups, Bias = false), BatchNorm, ReLU6]
public sealed class ConvNormReLU6Attribute : BlockAttribute
{
    private const int Filters = 32, Kernel = 3, Stride = 1, Groups = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the square kernel, at least 1.</param>
    /// <param name="stride">Stride, at least 1.</param>
    /// <param name="groups">Groups of channels that are convolved by themselves; they divide inputs and outputs.</param>
    public ConvNormReLU6Attribute(int filters, int kernel, int stride = Stride, int groups = Groups)
    {
    }
}
