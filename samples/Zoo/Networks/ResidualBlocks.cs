namespace Strata.Zoo;

/// <summary>Basic blocks, the first of which changes the shape.</summary>
[BasicBlock(Filters, stride: Stride, Name = "0"), BasicBlock(Filters, Name = "1", Repeat = Blocks - 1)]
public sealed class BasicStageAttribute : BlockAttribute
{
    private const int Filters = 64, Blocks = 2, Stride = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="blocks">Residual blocks in a row, at least 1.</param>
    /// <param name="stride">Stride of the first convolution, at least 1.</param>
    public BasicStageAttribute(int filters, int blocks, int stride = Stride)
    {
    }
}

/// <summary>Bottlenecks, the first of which changes the shape.</summary>
[Bottleneck(Filters, stride: Stride, widen: Widen, groups: Groups, Name = "0")]
[Bottleneck(Filters, widen: Widen, groups: Groups, Name = "1", Repeat = Blocks - 1)]
public sealed class BottleneckStageAttribute : BlockAttribute
{
    private const int Filters = 64, Blocks = 3, Stride = 1, Widen = 1, Groups = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">A quarter of the output channels, at least 1.</param>
    /// <param name="blocks">Residual blocks in a row, at least 1.</param>
    /// <param name="stride">Stride of the first block, at least 1.</param>
    /// <param name="widen">How many times the filters the 3×3 convolutions have, at least 1.</param>
    /// <param name="groups">Groups of the 3×3 convolutions, which divide their channels.</param>
    public BottleneckStageAttribute(int filters, int blocks, int stride = Stride, int widen = Widen, int groups = Groups)
    {
    }
}

/// <summary>Two 3×3 convolutions and a shortcut (He et al. 2015, figure 5, left).</summary>
[Branch, Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = false), BatchNorm, ReLU,
         Conv2D(Filters, 3, Padding = 1, Bias = false), BatchNorm]
[Branch, Shortcut(Filters, Stride = Stride)]
[Add, ReLU]
public sealed class BasicBlockAttribute : BlockAttribute
{
    private const int Filters = 64, Stride = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="stride">Stride of the first convolution, at least 1.</param>
    public BasicBlockAttribute(int filters, int stride = Stride)
    {
    }
}

/// <summary>
/// A 3×3 convolution between two of 1×1, and a shortcut (He et al. 2015, figure 5, right). The 3×3 has the stride, as in torchvision.
/// </summary>
[Branch, Conv2D(Widen * Filters, 1, Bias = false), BatchNorm, ReLU,
         Conv2D(Widen * Filters, 3, Stride = Stride, Padding = 1, Groups = Groups, Bias = false), BatchNorm, ReLU,
         Conv2D(4 * Filters, 1, Bias = false), BatchNorm]
[Branch, Shortcut(4 * Filters, Stride = Stride)]
[Add, ReLU]
public sealed class BottleneckAttribute : BlockAttribute
{
    private const int Filters = 64, Stride = 1, Widen = 1, Groups = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">A quarter of the output channels, at least 1.</param>
    /// <param name="stride">Stride of the 3×3 convolution, at least 1.</param>
    /// <param name="widen">How many times the filters the 3×3 convolution has, at least 1.</param>
    /// <param name="groups">Groups of the 3×3 convolution, which divide its channels.</param>
    public BottleneckAttribute(int filters, int stride = Stride, int widen = Widen, int groups = Groups)
    {
    }
}
