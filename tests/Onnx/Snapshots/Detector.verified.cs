using Strata;

namespace App.Models;

// These layers are the file's: warnings that advise how to design a network are off.
#pragma warning disable STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055

/// <summary>Detector, from an ONNX file. 1,872,781 parameters. Written by PyTorch 2.1, operator set 17.</summary>
[Network]
[Input(3, 128, 128)]
[Sequential("model")]
[ConvUnit(16, 7, stride: 2)]
[ConvUnit(32, 3, stride: 2)]
[Block1(16)]
[ConvUnit(64, 3, stride: 2)]
[Block2(Name = "model.4")]
[ConvUnit(128, 3, stride: 2)]
[Block3(Name = "model.6")]
[ConvUnit(256, 3, stride: 2)]
[Block1(128)]
[Block4]
[ConvUnit(128, 1, Name = "model.10"), Upsample2D(2, Name = "upsample1")]
[Concat("upsample1", "model.6")]
[Block5(64, Name = "model.13")]
[ConvUnit(64, 1, Name = "model.14"), Upsample2D(2, Name = "upsample2")]
[Concat("upsample2", "model.4")]
[Block5(32, Name = "model.17")]
[Conv2D(255, 1, Name = "model.24.m.0")]
[Output("small")]
[ConvUnit(64, 3, stride: 2, Name = "model.18", From = "model.17")]
[Concat("model.18", "model.14")]
[Block5(64, Name = "model.20")]
[Conv2D(255, 1, Name = "model.24.m.1")]
[Output("medium")]
[ConvUnit(128, 3, stride: 2, Name = "model.21", From = "model.20")]
[Concat("model.21", "model.10")]
[Block5(128, Name = "model.23")]
[Conv2D(255, 1, Name = "model.24.m.2")]
[Output("large")]
public partial class Detector;

/// <summary>What is repeated 2 times.</summary>
[Branch, ConvUnit(Filters, 1, Name = "cv1"), BasicBlock(Filters, Name = "m.0")]
[Branch, ConvUnit(Filters, 1, Name = "cv2")]
[Concat]
[ConvUnit(2 * Filters, 1, Name = "cv3")]
internal sealed class Block1Attribute : BlockAttribute
{
    private const int Filters = 16;
    public Block1Attribute(int filters) { }
}

/// <summary>A module of its own.</summary>
[Branch, ConvUnit(32, 1, Name = "cv1"), BasicBlock(32, Name = "m", Repeat = 2)]
[Branch, ConvUnit(32, 1, Name = "cv2")]
[Concat]
[ConvUnit(64, 1, Name = "cv3")]
internal sealed class Block2Attribute : BlockAttribute;

/// <summary>A module of its own.</summary>
[Branch, ConvUnit(64, 1, Name = "cv1"), BasicBlock(64, Name = "m", Repeat = 3)]
[Branch, ConvUnit(64, 1, Name = "cv2")]
[Concat]
[ConvUnit(128, 1, Name = "cv3")]
internal sealed class Block3Attribute : BlockAttribute;

/// <summary>Two convolutions, added to their input.</summary>
[Branch]
[Branch, ConvUnit(Filters, 1, Name = "cv1"), ConvUnit(Filters, 3, Name = "cv2")]
[Add]
internal sealed class BasicBlockAttribute : BlockAttribute
{
    private const int Filters = 16;
    public BasicBlockAttribute(int filters) { }
}

/// <summary>A module of its own.</summary>
[ConvUnit(128, 1, Name = "cv1"), MaxPool2D(5, Stride = 1, Padding = 2, Name = "pool1")]
[MaxPool2D(5, Stride = 1, Padding = 2, Name = "pool2"), MaxPool2D(5, Stride = 1, Padding = 2, Name = "pool3")]
[Concat("cv1", "pool1", "pool2", "pool3")]
[ConvUnit(256, 1, Name = "cv2")]
internal sealed class Block4Attribute : BlockAttribute;

/// <summary>What is repeated 4 times.</summary>
[Branch, ConvUnit(Filters, 1, Name = "cv1"),
         ConvUnit(Filters, 1, Name = "m.0.cv1"),
         ConvUnit(Filters, 3, Name = "m.0.cv2")]
[Branch, ConvUnit(Filters, 1, Name = "cv2")]
[Concat]
[ConvUnit(2 * Filters, 1, Name = "cv3")]
internal sealed class Block5Attribute : BlockAttribute
{
    private const int Filters = 64;
    public Block5Attribute(int filters) { }
}

/// <summary>Convolution, batch norm, SiLU.</summary>
[Conv2D(Filters, Kernel, Stride = Stride, Padding = Kernel / 2, Bias = false, Name = "conv"), BatchNorm(Name = "bn"), SiLU]
internal sealed class ConvUnitAttribute : BlockAttribute
{
    private const int Filters = 16, Kernel = 7, Stride = 1;
    public ConvUnitAttribute(int filters, int kernel, int stride = Stride) { }
}
