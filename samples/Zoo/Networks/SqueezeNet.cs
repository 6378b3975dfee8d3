namespace Strata.Zoo;

/// <summary>
/// SqueezeNet 1.1 (Iandola et al. 2016) with torchvision's keys, for 3×224×224. 1,235,496 parameters for 1000 classes.
/// </summary>
[Sequential("features")]
[Conv2D(64, 3, Stride = 2, AutoPad = AutoPad.Valid), ReLU, MaxPool2D(3, Stride = 2, CeilMode = true)]
[Fire(16, 64), Fire(16, 64), MaxPool2D(3, Stride = 2, CeilMode = true)]
[Fire(32, 128), Fire(32, 128), MaxPool2D(3, Stride = 2, CeilMode = true)]
[Fire(48, 192), Fire(48, 192), Fire(64, 256), Fire(64, 256)]
[Sequential("classifier")]
[Dropout(Dropout), Conv2D(Classes, 1), ReLU]
[AdaptiveAveragePool2D(1), Flatten]
public sealed class SqueezeNetAttribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public SqueezeNetAttribute(int classes = Classes, double dropout = Dropout)
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

    /// <summary>Sets the parameters.</summary>
    /// <param name="squeeze">Channels of the 1×1 convolution that the others read, at least 1.</param>
    /// <param name="expand">Channels of each of the two branches, at least 1.</param>
    public FireAttribute(int squeeze, int expand)
    {
    }
}
