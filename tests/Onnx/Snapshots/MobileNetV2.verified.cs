using Strata;

namespace App.Models;

// These layers are the file's: warnings that advise how to design a network are off.
#pragma warning disable STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055

/// <summary>MobileNetV2, from an ONNX file. 3,504,872 parameters. Written by PyTorch 2.1, operator set 17.</summary>
[Network]
[Input(3, 224, 224)]
[Sequential("features")]
[ConvUnit(32, 3, stride: 2)]
[Separable]
[Inverted(96, 24, stride: 2), InvertedResidual(24)]
[Inverted(144, 32, stride: 2), InvertedResidual(32, Repeat = 2)]
[Inverted(192, 64, stride: 2), InvertedResidual(64, Repeat = 3)]
[Inverted(384, 96), InvertedResidual(96, Repeat = 2)]
[Inverted(576, 160, stride: 2), InvertedResidual(160, Repeat = 2)]
[Inverted(960, 320)]
[ConvUnit(1280, 1)]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(1000, Name = "classifier.1")]
public partial class MobileNetV2;

/// <summary>A depthwise convolution and one of 1×1.</summary>
[Sequential("conv")]
[ConvUnit(32, 3, groups: 32)]
[Conv2D(16, 1, Bias = false), BatchNorm]
internal sealed class SeparableAttribute : BlockAttribute;

/// <summary>The inverted bottleneck: more channels, a depthwise convolution, few channels again.</summary>
[Sequential("conv")]
[ConvUnit(Hidden, 1)]
[ConvUnit(Hidden, 3, stride: Stride, groups: Hidden)]
[Conv2D(Filters, 1, Bias = false), BatchNorm]
internal sealed class InvertedAttribute : BlockAttribute
{
    private const int Hidden = 96, Filters = 24, Stride = 1;
    public InvertedAttribute(int hidden, int filters, int stride = Stride) { }
}

/// <summary>The inverted bottleneck, added to its input.</summary>
[Branch]
[Branch, Sequential("conv"), ConvUnit(6 * Filters, 1),
         ConvUnit(6 * Filters, 3, groups: 6 * Filters),
         Conv2D(Filters, 1, Bias = false), BatchNorm]
[Add]
internal sealed class InvertedResidualAttribute : BlockAttribute
{
    private const int Filters = 24;
    public InvertedResidualAttribute(int filters) { }
}

/// <summary>Convolution, batch norm, rectifier clipped at 6.</summary>
[Sequential]
[Conv2D(Filters, Kernel, Stride = Stride, Padding = Kernel / 2, Groups = Groups, Bias = false), BatchNorm, ReLU6]
internal sealed class ConvUnitAttribute : BlockAttribute
{
    private const int Filters = 32, Kernel = 3, Stride = 1, Groups = 1;
    public ConvUnitAttribute(int filters, int kernel, int stride = Stride, int groups = Groups) { }
}
