namespace Strata.Zoo;

/// <summary>Basic blocks, the first of which changes the shape.</summary>
[BasicBlock(Filters, stride: Stride, attention: Attention, Name = "0")]
[BasicBlock(Filters, attention: Attention, Name = "1", Repeat = Blocks - 1)]
public sealed class BasicStageAttribute : BlockAttribute
{
    private const int Filters = 64, Blocks = 2, Stride = 1;
    private const bool Attention = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="blocks">Residual blocks in a row, at least 1.</param>
    /// <param name="stride">Stride of the first convolution, at least 1.</param>
    /// <param name="attention">Whether each block has a CBAM.</param>
    public BasicStageAttribute(int filters, int blocks, int stride = Stride, bool attention = Attention)
    {
    }
}

/// <summary>
/// Bottlenecks, the first of which changes the shape. In a stage with dilation, the first has half of it, as it reads a stage with half.
/// </summary>
[Bottleneck(Filters, stride: Stride, widen: Widen, groups: Groups, dilation: First, squeeze: Squeeze, Name = "0")]
[Bottleneck(Filters, widen: Widen, groups: Groups, dilation: Dilation, squeeze: Squeeze, Name = "1", Repeat = Blocks - 1)]
public sealed class BottleneckStageAttribute : BlockAttribute
{
    private const int Filters = 64, Blocks = 3, Stride = 1, Widen = 1, Groups = 1, Dilation = 1, First = Dilation > 1 ? Dilation / 2 : 1;
    private const bool Squeeze = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">A quarter of the output channels, at least 1.</param>
    /// <param name="blocks">Residual blocks in a row, at least 1.</param>
    /// <param name="stride">Stride of the first block, at least 1.</param>
    /// <param name="widen">How many times the filters the 3×3 convolutions have, at least 1.</param>
    /// <param name="groups">Groups of the 3×3 convolutions, which divide their channels.</param>
    /// <param name="dilation">Distance of the taps of the 3×3 convolutions, 1 or an even number.</param>
    /// <param name="squeeze">Whether each block has squeeze-and-excite.</param>
    public BottleneckStageAttribute(
        int filters, int blocks, int stride = Stride, int widen = Widen, int groups = Groups, int dilation = Dilation,
        bool squeeze = Squeeze)
    {
    }
}

/// <summary>Two 3×3 convolutions and a shortcut (He et al. 2015, figure 5, left).</summary>
[Branch, Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = false), BatchNorm, ReLU,
         Conv2D(Filters, 3, Padding = 1, Bias = false), BatchNorm, CbamGate(Filters, Name = "", Repeat = Attention ? 1 : 0)]
[Branch, Shortcut(Filters, Stride = Stride)]
[Add, ReLU]
public sealed class BasicBlockAttribute : BlockAttribute
{
    private const int Filters = 64, Stride = 1;
    private const bool Attention = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="stride">Stride of the first convolution, at least 1.</param>
    /// <param name="attention">Whether a CBAM follows the second convolution.</param>
    public BasicBlockAttribute(int filters, int stride = Stride, bool attention = Attention)
    {
    }
}

/// <summary>
/// A 3×3 convolution between two of 1×1, and a shortcut (He et al. 2015, figure 5, right). The 3×3 has the stride, as in torchvision.
/// </summary>
[Branch, Conv2D(Widen * Filters, 1, Bias = false), BatchNorm, ReLU,
         Conv2D(Widen * Filters, 3, Stride = Stride, Padding = Dilation, Dilation = Dilation, Groups = Groups, Bias = false),
         BatchNorm, ReLU,
         Conv2D(4 * Filters, 1, Bias = false), BatchNorm, SqueezeGate(4 * Filters, Name = "", Repeat = Squeeze ? 1 : 0)]
[Branch, Shortcut(4 * Filters, Stride = Stride)]
[Add, ReLU]
public sealed class BottleneckAttribute : BlockAttribute
{
    private const int Filters = 64, Stride = 1, Widen = 1, Groups = 1, Dilation = 1;
    private const bool Squeeze = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">A quarter of the output channels, at least 1.</param>
    /// <param name="stride">Stride of the 3×3 convolution, at least 1.</param>
    /// <param name="widen">How many times the filters the 3×3 convolution has, at least 1.</param>
    /// <param name="groups">Groups of the 3×3 convolution, which divide its channels.</param>
    /// <param name="dilation">Distance of the taps of the 3×3 convolution, at least 1.</param>
    /// <param name="squeeze">Whether squeeze-and-excite follows the last convolution.</param>
    public BottleneckAttribute(
        int filters, int stride = Stride, int widen = Widen, int groups = Groups, int dilation = Dilation, bool squeeze = Squeeze)
    {
    }
}

/// <summary>Squeeze-and-excite to a sixteenth of the channels, for a block that may leave it out.</summary>
[SqueezeExcite(Channels, Channels / 16, Name = "se")]
public sealed class SqueezeGateAttribute : BlockAttribute
{
    private const int Channels = 64;

    /// <summary>Sets the parameter.</summary>
    /// <param name="channels">Channels of the input and of the output, at least 16.</param>
    public SqueezeGateAttribute(int channels) { }
}

/// <summary>A CBAM, for a block that may leave it out.</summary>
[Cbam(Channels, Name = "cbam")]
public sealed class CbamGateAttribute : BlockAttribute
{
    private const int Channels = 64;

    /// <summary>Sets the parameter.</summary>
    /// <param name="channels">Channels of the input and of the output, at least 16.</param>
    public CbamGateAttribute(int channels) { }
}
