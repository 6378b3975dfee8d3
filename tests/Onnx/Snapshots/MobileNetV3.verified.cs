using Strata;

namespace App.Models;

// These layers are the file's: warnings that advise how to design a network are off.
#pragma warning disable STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055

/// <summary>MobileNetV3, from an ONNX file. 2,542,856 parameters. Written by PyTorch 2.1, operator set 17.</summary>
[Network]
[Input(3, 224, 224)]
[Sequential("features")]
[ConvUnit(16, 3, stride: 2)]
[Separable]
[Inverted, InvertedResidual]
[Inverted2(96, 24, 40, stride: 2)]
[InvertedResidual2(240, 64, 40, Repeat = 2)]
[Inverted2(120, 32, 48)]
[InvertedResidual2(144, 40, 48)]
[Inverted2(288, 72, 96, stride: 2)]
[InvertedResidual2(576, 144, 96, Repeat = 2)]
[ConvUnit(576, 1)]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(1024, Name = "classifier.0"), HardSwish]
[Dense(1000, Name = "classifier.3")]
public partial class MobileNetV3;

/// <summary>A depthwise convolution and one of 1×1.</summary>
[Sequential("block")]
[ConvUnit2(16, 3, stride: 2, groups: 16)]
[SqueezeExcitation(8, 16)]
[Sequential("block.2")]
[Conv2D(16, 1, Bias = false), BatchNorm(Epsilon = 0.001)]
internal sealed class SeparableAttribute : BlockAttribute;

/// <summary>The inverted bottleneck: more channels, a depthwise convolution, few channels again.</summary>
[ConvUnit2(72, 1, Name = "block.0")]
[ConvUnit2(72, 3, stride: 2, groups: 72, Name = "block.1")]
[Sequential("block.2")]
[Conv2D(24, 1, Bias = false), BatchNorm(Epsilon = 0.001)]
internal sealed class InvertedAttribute : BlockAttribute;

/// <summary>The inverted bottleneck, added to its input.</summary>
[Branch, Sequential("block"), ConvUnit2(88, 1),
         ConvUnit2(88, 3, groups: 88),
         Sequential("block.2"), Conv2D(24, 1, Bias = false), BatchNorm(Epsilon = 0.001)]
[Branch]
[Add]
internal sealed class InvertedResidualAttribute : BlockAttribute;

/// <summary>The inverted bottleneck: more channels, a depthwise convolution, few channels again.</summary>
[Sequential("block")]
[ConvUnit(Hidden, 1)]
[ConvUnit(Hidden, 5, stride: Stride, groups: Hidden)]
[SqueezeExcitation(Squeeze, Hidden)]
[Sequential("block.3")]
[Conv2D(Filters, 1, Bias = false), BatchNorm(Epsilon = 0.001)]
internal sealed class Inverted2Attribute : BlockAttribute
{
    private const int Hidden = 96, Squeeze = 24, Filters = 40, Stride = 1;
    public Inverted2Attribute(int hidden, int squeeze, int filters, int stride = Stride) { }
}

/// <summary>The inverted bottleneck, added to its input.</summary>
[Branch, Sequential("block"), ConvUnit(Hidden, 1),
         ConvUnit(Hidden, 5, groups: Hidden),
         SqueezeExcitation(Squeeze, Hidden),
         Sequential("block.3"), Conv2D(Filters, 1, Bias = false), BatchNorm(Epsilon = 0.001)]
[Branch]
[Add]
internal sealed class InvertedResidual2Attribute : BlockAttribute
{
    private const int Hidden = 240, Squeeze = 64, Filters = 40;
    public InvertedResidual2Attribute(int hidden, int squeeze, int filters) { }
}

/// <summary>Convolution, batch norm, hard swish.</summary>
[Sequential]
[Conv2D(Filters, Kernel, Stride = Stride, Padding = Kernel / 2, Groups = Groups, Bias = false), BatchNorm(Epsilon = 0.001), HardSwish]
internal sealed class ConvUnitAttribute : BlockAttribute
{
    private const int Filters = 16, Kernel = 3, Stride = 1, Groups = 1;
    public ConvUnitAttribute(int filters, int kernel, int stride = Stride, int groups = Groups) { }
}

/// <summary>Convolution, batch norm, rectifier.</summary>
[Sequential]
[Conv2D(Filters, Kernel, Stride = Stride, Padding = Kernel / 2, Groups = Groups, Bias = false), BatchNorm(Epsilon = 0.001), ReLU]
internal sealed class ConvUnit2Attribute : BlockAttribute
{
    private const int Filters = 16, Kernel = 3, Stride = 1, Groups = 1;
    public ConvUnit2Attribute(int filters, int kernel, int stride = Stride, int groups = Groups) { }
}

/// <summary>Weighs the channels by what is in the whole picture.</summary>
[Branch, AdaptiveAveragePool2D(1),
         Conv2D(Hidden, 1, Name = "fc1"), ReLU,
         Conv2D(Filters, 1, Name = "fc2"), HardSigmoid]
[Branch]
[Multiply]
internal sealed class SqueezeExcitationAttribute : BlockAttribute
{
    private const int Hidden = 8, Filters = 16;
    public SqueezeExcitationAttribute(int hidden, int filters) { }
}
