using Strata;

namespace App.Models;

// These layers are the file's: warnings that advise how to design a network are off.
#pragma warning disable STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055

/// <summary>MobileNetV2Folded, from an ONNX file. 3,504,872 parameters. Written by PyTorch 2.1, operator set 17.</summary>
[Network]
[Input(3, 224, 224)]
[Conv2D(32, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU6]
[Conv2D(32, 3, Padding = 1, Groups = 32, Bias = false), BatchNorm, ReLU6]
[Conv2D(16, 1, Bias = false), BatchNorm]
[Inverted(96, 24, stride: 2), InvertedResidual(24)]
[Inverted(144, 32, stride: 2), InvertedResidual(32, Repeat = 2)]
[Inverted(192, 64, stride: 2), InvertedResidual(64, Repeat = 3)]
[Inverted(384, 96), InvertedResidual(96, Repeat = 2)]
[Inverted(576, 160, stride: 2), InvertedResidual(160, Repeat = 2)]
[Inverted(960, 320)]
[Conv2D(1280, 1, Bias = false), BatchNorm, ReLU6]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(1000)]
public partial class MobileNetV2Folded;

/// <summary>The inverted bottleneck, added to its input.</summary>
[Branch]
[Branch, Inverted(6 * Filters, Filters)]
[Add]
internal sealed class InvertedResidualAttribute : BlockAttribute
{
    private const int Filters = 24;
    public InvertedResidualAttribute(int filters) { }
}

/// <summary>The inverted bottleneck: more channels, a depthwise convolution, few channels again.</summary>
[Conv2D(Hidden, 1, Bias = false), BatchNorm, ReLU6]
[Conv2D(Hidden, 3, Stride = Stride, Padding = 1, Groups = Hidden, Bias = false), BatchNorm, ReLU6]
[Conv2D(Filters, 1, Bias = false), BatchNorm]
internal sealed class InvertedAttribute : BlockAttribute
{
    private const int Hidden = 96, Filters = 24, Stride = 1;
    public InvertedAttribute(int hidden, int filters, int stride = Stride) { }
}
