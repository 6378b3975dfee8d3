using Strata;

namespace Zoo.Networks;

/// <summary>MobileNetV2: table 2 of Sandler, Howard, Zhu, Zhmoginov and Chen 2018.</summary>
[Network, Input(3, 224, 224), MobileNetV2(Name = ""), CrossEntropy]
public partial class MobileNetV2;

/// <summary>Seventeen inverted bottlenecks between two convolutions, and one dense layer.</summary>
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
[Dropout(0.2), Dense(Classes)]
public sealed class MobileNetV2Attribute : BlockAttribute
{
    private const int Classes = 1000;

    public MobileNetV2Attribute(int classes = Classes)
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

    public ConvNormReLU6Attribute(int filters, int kernel, int stride = Stride, int groups = Groups)
    {
    }
}
