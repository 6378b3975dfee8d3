using Strata;

namespace Zoo.Networks;

/// <summary>
/// AlexNet without the split over two GPUs (Krizhevsky 2014), as in torchvision. torchvision's adaptive pooling is left out: for this
/// input size it changes nothing.
/// </summary>
[Network(Observable = true, BFloat16 = true), Input(3, 224, 224), AlexNet(Name = ""), CrossEntropy]
public partial class AlexNet;

/// <summary>The same with batch norm in place of the convolutions' biases.</summary>
[Network, Input(3, 224, 224), AlexNetBN(Name = ""), CrossEntropy]
public partial class AlexNetBN;

/// <summary>Five convolutions, and the dense layers.</summary>
[Sequential("features")]
[Conv2D(64, 11, Stride = 4, Padding = 2), ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(192, 5, Padding = 2), ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1), ReLU]
[Conv2D(256, 3, Padding = 1), ReLU]
[Conv2D(256, 3, Padding = 1), ReLU, MaxPool2D(3, Stride = 2)]
[AlexNetClassifier(Classes, Name = "")]
public sealed class AlexNetAttribute : BlockAttribute
{
    private const int Classes = 1000;

    public AlexNetAttribute(int classes = Classes)
    {
    }
}

/// <summary>The same with batch norm.</summary>
[Sequential("features")]
[Conv2D(64, 11, Stride = 4, Padding = 2, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(192, 5, Padding = 2, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2)]
[AlexNetClassifier(Classes, Name = "")]
public sealed class AlexNetBNAttribute : BlockAttribute
{
    private const int Classes = 1000;

    public AlexNetBNAttribute(int classes = Classes)
    {
    }
}

/// <summary>Three dense layers.</summary>
[Flatten]
[Sequential("classifier")]
[Dropout(0.5), Dense(4096), ReLU]
[Dropout(0.5), Dense(4096), ReLU]
[Dense(Classes)]
public sealed class AlexNetClassifierAttribute : BlockAttribute
{
    private const int Classes = 1000;

    public AlexNetClassifierAttribute(int classes)
    {
    }
}
