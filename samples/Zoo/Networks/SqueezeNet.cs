using Strata;

namespace Zoo.Networks;

/// <summary>SqueezeNet 1.1 (Iandola et al. 2016).</summary>
[Network, Input(3, 224, 224), SqueezeNet(Name = ""), CrossEntropy]
public partial class SqueezeNet;

/// <summary>One convolution, eight fire modules, and a map for each class.</summary>
[Sequential("features")]
[Conv2D(64, 3, Stride = 2, AutoPad = AutoPad.Valid), ReLU, MaxPool2D(3, Stride = 2, CeilMode = true)]
[Fire(16, 64), Fire(16, 64), MaxPool2D(3, Stride = 2, CeilMode = true)]
[Fire(32, 128), Fire(32, 128), MaxPool2D(3, Stride = 2, CeilMode = true)]
[Fire(48, 192), Fire(48, 192), Fire(64, 256), Fire(64, 256)]
[Sequential("classifier")]
[Dropout(0.5), Conv2D(Classes, 1), ReLU]
[AdaptiveAveragePool2D(1), Flatten]
public sealed class SqueezeNetAttribute : BlockAttribute
{
    private const int Classes = 1000;

    public SqueezeNetAttribute(int classes = Classes)
    {
    }
}

/// <summary>
/// The fire module of the paper's figure 1: a 1×1 convolution with few channels, then 1×1 and 3×3 convolutions with many, side by side.
/// </summary>
[Conv2D(Squeeze, 1, Name = "squeeze"), ReLU]
[Branch, Conv2D(Expand, 1, Name = "expand1x1"), ReLU]
[Branch, Conv2D(Expand, 3, Padding = 1, Name = "expand3x3"), ReLU]
[Concat]
public sealed class FireAttribute : BlockAttribute
{
    private const int Squeeze = 16, Expand = 64;

    public FireAttribute(int squeeze, int expand)
    {
    }
}
