using Strata;

namespace App.Models;

// These layers are the file's: warnings that advise how to design a network are off.
#pragma warning disable STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055

/// <summary>GoogLeNet, from an ONNX file. 6,624,904 parameters. Written by PyTorch 2.1, operator set 17.</summary>
[Network]
[Input(3, 224, 224)]
[ConvUnit(64, 7, stride: 2, Name = "conv1"), MaxPool2D(3, Stride = 2, CeilMode = true)]
[ConvUnit(64, 1, Name = "conv2")]
[ConvUnit(192, 3, Name = "conv3"), MaxPool2D(3, Stride = 2, CeilMode = true)]
[Inception(64, 96, 128, 16, 32, 32, Name = "inception3a")]
[Inception(128, 128, 192, 32, 96, 64, Name = "inception3b"), MaxPool2D(3, Stride = 2, CeilMode = true)]
[Inception(192, 96, 208, 16, 48, 64, Name = "inception4a")]
[Inception(160, 112, 224, 24, 64, 64, Name = "inception4b")]
[Inception(128, 128, 256, 24, 64, 64, Name = "inception4c")]
[Inception(112, 144, 288, 32, 64, 64, Name = "inception4d")]
[Inception(256, 160, 320, 32, 128, 128, Name = "inception4e"), MaxPool2D(2, Stride = 2, CeilMode = true)]
[Inception(256, 160, 320, 32, 128, 128, Name = "inception5a")]
[Inception(384, 192, 384, 48, 128, 128, Name = "inception5b")]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(1000, Name = "fc")]
public partial class GoogLeNet;

/// <summary>Branches side by side.</summary>
[Branch, ConvUnit(Branch1, 1, Name = "branch1")]
[Branch, Sequential("branch2"), ConvUnit(Reduce2, 1), ConvUnit(Branch2, 3)]
[Branch, Sequential("branch3"), ConvUnit(Reduce3, 1), ConvUnit(Branch3, 3)]
[Branch, MaxPool2D(3, Stride = 1, Padding = 1, CeilMode = true), ConvUnit(Branch4, 1, Name = "branch4.1")]
[Concat]
internal sealed class InceptionAttribute : BlockAttribute
{
    private const int Branch1 = 64, Reduce2 = 96, Branch2 = 128, Reduce3 = 16, Branch3 = 32, Branch4 = 32;
    public InceptionAttribute(int branch1, int reduce2, int branch2, int reduce3, int branch3, int branch4) { }
}

/// <summary>Convolution, batch norm, rectifier.</summary>
[Conv2D(Filters, Kernel, Stride = Stride, Padding = Kernel / 2, Bias = false, Name = "conv"), BatchNorm(Epsilon = 0.001, Name = "bn"), ReLU]
internal sealed class ConvUnitAttribute : BlockAttribute
{
    private const int Filters = 64, Kernel = 7, Stride = 1;
    public ConvUnitAttribute(int filters, int kernel, int stride = Stride) { }
}
