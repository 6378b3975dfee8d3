using Strata;

namespace App.Models;

// These layers are the file's: warnings that advise how to design a network are off.
#pragma warning disable STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055

/// <summary>ResNet18Folded, from an ONNX file. 11,689,512 parameters. Written by PyTorch 2.1, operator set 17.</summary>
[Network]
[Input(3, 224, 224)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2, Padding = 1)]
[BasicBlock(64, Repeat = 2)]
[BasicBlock(128, stride: 2), BasicBlock(128)]
[BasicBlock(256, stride: 2), BasicBlock(256)]
[BasicBlock(512, stride: 2), BasicBlock(512)]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(1000)]
public partial class ResNet18Folded;

/// <summary>Two convolutions, added to their input.</summary>
[Branch, Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = false), BatchNorm, ReLU,
         Conv2D(Filters, 3, Padding = 1, Bias = false), BatchNorm]
[Branch, Shortcut(Filters, Stride = Stride)]
[Add, ReLU]
internal sealed class BasicBlockAttribute : BlockAttribute
{
    private const int Filters = 64, Stride = 1;
    public BasicBlockAttribute(int filters, int stride = Stride) { }
}
