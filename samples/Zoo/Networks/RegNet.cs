namespace Strata.Zoo;

/// <summary>
/// RegNetX-400MF (Radosavovic et al. 2020, figure 16) with torchvision's keys, for 3×224×224. 5,495,976 parameters for 1000 classes.
/// </summary>
[ConvNorm(32, 3, stride: 2, Name = "stem"), ReLU]
[XBlock(32, 16, stride: 2, Name = "trunk_output.block1.block1-0")]
[XBlock(64, 16, stride: 2, Name = "trunk_output.block2.block2-0")]
[XBlock(64, 16, Name = "trunk_output.block2.block2-1")]
[XBlock(160, 16, stride: 2, Name = "trunk_output.block3.block3-0")]
[XBlock(160, 16, Name = "trunk_output.block3.block3-{1}", Repeat = 6)]
[XBlock(400, 16, stride: 2, Name = "trunk_output.block4.block4-0")]
[XBlock(400, 16, Name = "trunk_output.block4.block4-{1}", Repeat = 11)]
[GlobalAveragePool2D(Name = "avgpool"), Flatten, Dense(Classes, Name = "fc")]
public sealed class RegNetX400MFAttribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public RegNetX400MFAttribute(int classes = Classes) { }
}

/// <summary>
/// RegNetY-400MF (Radosavovic et al. 2020, figure 17) with torchvision's keys, for 3×224×224. 4,344,144 parameters for 1000 classes.
/// </summary>
[ConvNorm(32, 3, stride: 2, Name = "stem"), ReLU]
[YBlock(32, 48, 8, stride: 2, Name = "trunk_output.block1.block1-0")]
[YBlock(48, 104, 8, stride: 2, Name = "trunk_output.block2.block2-0")]
[YBlock(104, 104, 8, Name = "trunk_output.block2.block2-{1}", Repeat = 2)]
[YBlock(104, 208, 8, stride: 2, Name = "trunk_output.block3.block3-0")]
[YBlock(208, 208, 8, Name = "trunk_output.block3.block3-{1}", Repeat = 5)]
[YBlock(208, 440, 8, stride: 2, Name = "trunk_output.block4.block4-0")]
[YBlock(440, 440, 8, Name = "trunk_output.block4.block4-{1}", Repeat = 5)]
[GlobalAveragePool2D(Name = "avgpool"), Flatten, Dense(Classes, Name = "fc")]
public sealed class RegNetY400MFAttribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public RegNetY400MFAttribute(int classes = Classes) { }
}

/// <summary>A residual bottleneck with groups, as wide inside as outside (the paper's figure 4).</summary>
[Branch, Shortcut(Filters, Stride = Stride, Name = "proj")]
[Branch, ConvNorm(Filters, 1, Name = "f.a"), ReLU, ConvNorm(Filters, 3, stride: Stride, groups: Filters / Width, Name = "f.b"), ReLU,
         ConvNorm(Filters, 1, Name = "f.c")]
[Add, ReLU]
public sealed class XBlockAttribute : BlockAttribute
{
    private const int Filters = 64, Width = 16, Stride = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="width">Channels of a group, which divide the output's.</param>
    /// <param name="stride">Stride of the 3×3 convolution, at least 1.</param>
    public XBlockAttribute(int filters, int width, int stride = Stride) { }
}

/// <summary>The same with squeeze-and-excite.</summary>
[Branch, Shortcut(Filters, Stride = Stride, Name = "proj")]
[Branch, ConvNorm(Filters, 1, Name = "f.a"), ReLU, ConvNorm(Filters, 3, stride: Stride, groups: Filters / Width, Name = "f.b"), ReLU,
         SqueezeExcite(Filters, Inputs / 4, Name = "f.se"), ConvNorm(Filters, 1, Name = "f.c")]
[Add, ReLU]
public sealed class YBlockAttribute : BlockAttribute
{
    private const int Inputs = 48, Filters = 104, Width = 8, Stride = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input, at least 4.</param>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="width">Channels of a group, which divide the output's.</param>
    /// <param name="stride">Stride of the 3×3 convolution, at least 1.</param>
    public YBlockAttribute(int inputs, int filters, int width, int stride = Stride) { }
}
