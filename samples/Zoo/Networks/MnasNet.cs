namespace Strata.Zoo;

/// <summary>
/// MnasNet (Tan et al. 2019, figure 7: MnasNet-B1) with torchvision's keys, for 3×224×224. 4,383,312 parameters for 1000 classes.
/// </summary>
[Sequential("layers"), Conv2D(32, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm(Momentum = 3e-4), ReLU]
[Conv2D(32, 3, Padding = 1, Groups = 32, Bias = false), BatchNorm(Momentum = 3e-4), ReLU]
[Conv2D(16, 1, Bias = false), BatchNorm(Momentum = 3e-4)]
[MnasStage(16, 24, 3, expansion: 3, blocks: 3, stride: 2), MnasStage(24, 40, 5, expansion: 3, blocks: 3, stride: 2)]
[MnasStage(40, 80, 5, expansion: 6, blocks: 3, stride: 2), MnasStage(80, 96, 3, expansion: 6, blocks: 2)]
[MnasStage(96, 192, 5, expansion: 6, blocks: 4, stride: 2), MnasStage(192, 320, 3, expansion: 6, blocks: 1)]
[Conv2D(1280, 1, Bias = false), BatchNorm(Momentum = 3e-4), ReLU]
[GlobalAveragePool2D, Flatten, Sequential("classifier"), Dropout(Dropout), Dense(Classes)]
public sealed class MnasNetAttribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.2;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before the dense layer, at least 0 and less than 1.</param>
    public MnasNetAttribute(int classes = Classes, double dropout = Dropout) { }
}

/// <summary>Inverted bottlenecks, the first of which changes the shape.</summary>
[MnasUnit(Inputs, Filters, Kernel, Expansion, stride: Stride, Name = "0")]
[MnasResidual(Filters, Kernel, Expansion, Name = "1", Repeat = Blocks - 1)]
public sealed class MnasStageAttribute : BlockAttribute
{
    private const int Inputs = 16, Filters = 24, Kernel = 3, Expansion = 3, Blocks = 3, Stride = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the depthwise kernels, at least 1 and odd.</param>
    /// <param name="expansion">How many times the channels the depthwise convolutions have, at least 1.</param>
    /// <param name="blocks">Bottlenecks in a row, at least 1.</param>
    /// <param name="stride">Stride of the first depthwise convolution, at least 1.</param>
    public MnasStageAttribute(int inputs, int filters, int kernel, int expansion, int blocks, int stride = Stride) { }
}

/// <summary>MobileNetV2's inverted bottleneck with rectifiers.</summary>
[Sequential("layers"), Conv2D(Hidden, 1, Bias = false), BatchNorm(Momentum = 3e-4), ReLU]
[Conv2D(Hidden, Kernel, Stride = Stride, Padding = Kernel / 2, Groups = Hidden, Bias = false), BatchNorm(Momentum = 3e-4), ReLU]
[Conv2D(Filters, 1, Bias = false), BatchNorm(Momentum = 3e-4)]
public sealed class MnasUnitAttribute : BlockAttribute
{
    private const int Inputs = 16, Filters = 24, Kernel = 3, Expansion = 3, Stride = 1, Hidden = Expansion * Inputs;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the depthwise kernels, at least 1 and odd.</param>
    /// <param name="expansion">How many times the input's channels the depthwise convolution has, at least 1.</param>
    /// <param name="stride">Stride of the depthwise convolution, at least 1.</param>
    public MnasUnitAttribute(int inputs, int filters, int kernel, int expansion, int stride = Stride) { }
}

/// <summary>The inverted bottleneck, added to its input.</summary>
[Branch]
[Branch, MnasUnit(Filters, Filters, Kernel, Expansion, Name = "")]
[Add]
public sealed class MnasResidualAttribute : BlockAttribute
{
    private const int Filters = 24, Kernel = 3, Expansion = 3;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Channels of the input and of the output, at least 1.</param>
    /// <param name="kernel">Extent of the depthwise kernels, at least 1 and odd.</param>
    /// <param name="expansion">How many times the channels the depthwise convolution has, at least 1.</param>
    public MnasResidualAttribute(int filters, int kernel, int expansion) { }
}
