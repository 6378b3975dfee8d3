using Strata;

namespace App.Models;

// These layers are the file's: warnings that advise how to design a network are off.
#pragma warning disable STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055

/// <summary>ResNet50, from an ONNX file. 25,557,032 parameters. Written by PyTorch 2.1, operator set 17.</summary>
[Network]
[Input(3, 224, 224)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2, Padding = 1)]
[Bottleneck(64, Name = "layer1", Repeat = 3)]
[Bottleneck(128, stride: 2, Name = "layer2.0"), Bottleneck(128, Name = "layer2.1", Repeat = 3)]
[Bottleneck(256, stride: 2, Name = "layer3.0"), Bottleneck(256, Name = "layer3.1", Repeat = 5)]
[Bottleneck(512, stride: 2, Name = "layer4.0"), Bottleneck(512, Name = "layer4.1", Repeat = 2)]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(1000, Name = "fc")]
public partial class ResNet50;

/// <summary>A convolution between two of 1×1, added to its input.</summary>
[Branch, Conv2D(Filters, 1, Bias = false), BatchNorm, ReLU,
         Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = false), BatchNorm, ReLU,
         Conv2D(4 * Filters, 1, Bias = false), BatchNorm]
[Branch, Shortcut(4 * Filters, Stride = Stride)]
[Add, ReLU]
internal sealed class BottleneckAttribute : BlockAttribute
{
    private const int Filters = 64, Stride = 1;
    public BottleneckAttribute(int filters, int stride = Stride) { }
}
