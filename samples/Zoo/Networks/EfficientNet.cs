namespace Strata.Zoo;

/// <summary>
/// EfficientNet-B0 (Tan and Le 2019, table 1) with torchvision's keys, for 3×224×224. 5,288,548 parameters for 1000 classes.
/// </summary>
[Sequential("features"), ConvNormSiLU(32, 3, stride: 2), MBConvStage(32, 16, 3, blocks: 1, expansion: 1)]
[MBConvStage(16, 24, 3, blocks: 2, stride: 2), MBConvStage(24, 40, 5, blocks: 2, stride: 2)]
[MBConvStage(40, 80, 3, blocks: 3, stride: 2), MBConvStage(80, 112, 5, blocks: 3)]
[MBConvStage(112, 192, 5, blocks: 4, stride: 2), MBConvStage(192, 320, 3, blocks: 1), ConvNormSiLU(1280, 1)]
[GlobalAveragePool2D, Flatten, Sequential("classifier"), Dropout(Dropout), Dense(Classes)]
public sealed class EfficientNetB0Attribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.2;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before the dense layer, at least 0 and less than 1.</param>
    public EfficientNetB0Attribute(int classes = Classes, double dropout = Dropout) { }
}

/// <summary>Inverted bottlenecks, the first of which changes the shape.</summary>
[MBConv(Inputs, Filters, Kernel, stride: Stride, expansion: Expansion, Name = "0")]
[MBConvResidual(Filters, Kernel, expansion: Expansion, Name = "1", Repeat = Blocks - 1)]
public sealed class MBConvStageAttribute : BlockAttribute
{
    private const int Inputs = 16, Filters = 24, Kernel = 3, Blocks = 2, Stride = 1, Expansion = 6;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the depthwise kernels, at least 1 and odd.</param>
    /// <param name="blocks">Bottlenecks in a row, at least 1.</param>
    /// <param name="stride">Stride of the first depthwise convolution, at least 1.</param>
    /// <param name="expansion">How many times the channels the depthwise convolutions have, at least 1.</param>
    public MBConvStageAttribute(int inputs, int filters, int kernel, int blocks, int stride = Stride, int expansion = Expansion) { }
}

/// <summary>MobileNetV2's inverted bottleneck with SiLU, and with squeeze-and-excite for its depthwise convolution.</summary>
[Sequential("block"), ConvNormSiLU(Hidden, 1, Repeat = Expansion > 1 ? 1 : 0), ConvNormSiLU(Hidden, Kernel, stride: Stride, groups: Hidden)]
[SqueezeExciteSiLU(Hidden, Inputs / 4), ConvNorm(Filters, 1)]
public sealed class MBConvAttribute : BlockAttribute
{
    private const int Inputs = 16, Filters = 24, Kernel = 3, Stride = 1, Expansion = 6, Hidden = Expansion * Inputs;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input, at least 4.</param>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the depthwise kernels, at least 1 and odd.</param>
    /// <param name="stride">Stride of the depthwise convolution, at least 1.</param>
    /// <param name="expansion">How many times the input's channels it has; with 1, no convolution stands before it.</param>
    public MBConvAttribute(int inputs, int filters, int kernel, int stride = Stride, int expansion = Expansion) { }
}

/// <summary>The inverted bottleneck, added to its input.</summary>
[Branch]
[Branch, MBConv(Filters, Filters, Kernel, expansion: Expansion, Name = "")]
[Add]
public sealed class MBConvResidualAttribute : BlockAttribute
{
    private const int Filters = 24, Kernel = 3, Expansion = 6;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Channels of the input and of the output, at least 4.</param>
    /// <param name="kernel">Extent of the depthwise kernels, at least 1 and odd.</param>
    /// <param name="expansion">How many times the channels the depthwise convolution has, at least 1.</param>
    public MBConvResidualAttribute(int filters, int kernel, int expansion = Expansion) { }
}

/// <summary>Convolution, batch norm, SiLU.</summary>
[ConvNorm(Filters, Kernel, stride: Stride, groups: Groups, Name = ""), SiLU]
public sealed class ConvNormSiLUAttribute : BlockAttribute
{
    private const int Filters = 32, Kernel = 3, Stride = 1, Groups = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the square kernel, at least 1 and odd.</param>
    /// <param name="stride">Stride, at least 1.</param>
    /// <param name="groups">Groups of channels that are convolved by themselves; they divide inputs and outputs.</param>
    public ConvNormSiLUAttribute(int filters, int kernel, int stride = Stride, int groups = Groups) { }
}
