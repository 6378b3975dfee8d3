namespace Strata.Zoo;

/// <summary>
/// Network in network (Lin, Chen and Yan 2013) for 3×32×32: a small network at each pixel, and no dense layer. 966,986 parameters for 10
/// classes.
/// </summary>
[Conv2D(192, 5, Padding = 2), ReLU, Conv2D(160, 1), ReLU, Conv2D(96, 1), ReLU]
[MaxPool2D(3, Stride = 2, CeilMode = true), Dropout(0.5)]
[Conv2D(192, 5, Padding = 2), ReLU, Conv2D(192, 1), ReLU, Conv2D(192, 1), ReLU]
[AveragePool2D(3, Stride = 2, CeilMode = true), Dropout(0.5)]
[Conv2D(192, 3, Padding = 1), ReLU, Conv2D(192, 1), ReLU, Conv2D(Classes, 1), ReLU]
[AdaptiveAveragePool2D(1), Flatten]
public sealed class NetworkInNetworkAttribute : BlockAttribute
{
    private const int Classes = 10;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public NetworkInNetworkAttribute(int classes = Classes)
    {
    }
}

/// <summary>The same with batch norm in place of the biases. 968,404 parameters for 10 classes.</summary>
[MlpConv(192, 160, 96, kernel: 5, Name = "")]
[MaxPool2D(3, Stride = 2, CeilMode = true), Dropout(0.5)]
[MlpConv(192, 192, 192, kernel: 5, Name = "")]
[AveragePool2D(3, Stride = 2, CeilMode = true), Dropout(0.5)]
[MlpConv(192, 192, Classes, kernel: 3, Name = "")]
[AdaptiveAveragePool2D(1), Flatten]
public sealed class NetworkInNetworkBNAttribute : BlockAttribute
{
    private const int Classes = 10;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public NetworkInNetworkBNAttribute(int classes = Classes)
    {
    }
}

/// <summary>A convolution and a network of two layers at each of its pixels.</summary>
[Conv2D(First, Kernel, Padding = Kernel / 2, Bias = false), BatchNorm, ReLU]
[Conv2D(Second, 1, Bias = false), BatchNorm, ReLU]
[Conv2D(Third, 1, Bias = false), BatchNorm, ReLU]
public sealed class MlpConvAttribute : BlockAttribute
{
    private const int First = 192, Second = 192, Third = 192, Kernel = 3;

    /// <summary>Sets the parameters.</summary>
    /// <param name="first">Channels of the convolution, at least 1.</param>
    /// <param name="second">Channels of the first layer behind it, at least 1.</param>
    /// <param name="third">Channels of the second one, at least 1.</param>
    /// <param name="kernel">Extent of the square kernel, at least 1.</param>
    public MlpConvAttribute(int first, int second, int third, int kernel)
    {
    }
}
