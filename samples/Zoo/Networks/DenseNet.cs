namespace Strata.Zoo;

/// <summary>
/// DenseNet-121 (Huang, Liu, van der Maaten and Weinberger 2016, table 1) with a growth of 32 and torchvision's keys, for 3×224×224.
/// 7,978,856 parameters for 1000 classes.
/// </summary>
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false, Name = "features.conv0"), BatchNorm(Name = "features.norm0"), ReLU]
[MaxPool2D(3, Stride = 2, Padding = 1)]
[DenseLayer(Name = "features.denseblock1.denselayer{1}", Repeat = 6), Transition(128, Name = "features.transition1")]
[DenseLayer(Name = "features.denseblock2.denselayer{1}", Repeat = 12), Transition(256, Name = "features.transition2")]
[DenseLayer(Name = "features.denseblock3.denselayer{1}", Repeat = 24), Transition(512, Name = "features.transition3")]
[DenseLayer(Name = "features.denseblock4.denselayer{1}", Repeat = 16)]
[BatchNorm(Name = "features.norm5"), ReLU]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(Classes, Name = "classifier")]
public sealed class DenseNet121Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public DenseNet121Attribute(int classes = Classes)
    {
    }
}

/// <summary>The paper's dense layer: its output is its input with new channels behind it.</summary>
[Branch]
[Branch, BatchNorm(Name = "norm1"), ReLU, Conv2D(4 * Growth, 1, Bias = false),
         BatchNorm(Name = "norm2"), ReLU, Conv2D(Growth, 3, Padding = 1, Bias = false)]
[Concat]
public sealed class DenseLayerAttribute : BlockAttribute
{
    private const int Growth = 32;
}

/// <summary>The paper's transition layer: halves channels and extents.</summary>
[BatchNorm(Name = "norm"), ReLU, Conv2D(Filters, 1, Bias = false, Name = "conv"), AveragePool2D(2)]
public sealed class TransitionAttribute : BlockAttribute
{
    private const int Filters = 128;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    public TransitionAttribute(int filters)
    {
    }
}
