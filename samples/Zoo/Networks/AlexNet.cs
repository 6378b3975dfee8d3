namespace Strata.Zoo;

/// <summary>
/// AlexNet without the split over two GPUs (Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks), with
/// torchvision's keys, for 3×224×224. 61,100,840 parameters for 1000 classes.
/// </summary>
[Sequential("features")]
[Conv2D(64, 11, Stride = 4, Padding = 2), ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(192, 5, Padding = 2), ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1), ReLU]
[Conv2D(256, 3, Padding = 1), ReLU]
[Conv2D(256, 3, Padding = 1), ReLU, MaxPool2D(3, Stride = 2)]
[AlexNetClassifier(Classes, Dropout, Name = "")]
public sealed class AlexNetAttribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public AlexNetAttribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>The same with batch norm in place of the convolutions' biases. 61,101,992 parameters for 1000 classes.</summary>
[Sequential("features")]
[Conv2D(64, 11, Stride = 4, Padding = 2, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(192, 5, Padding = 2, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2)]
[AlexNetClassifier(Classes, Dropout, Name = "")]
public sealed class AlexNetBNAttribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public AlexNetBNAttribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>Three dense layers.</summary>
[Flatten]
[Sequential("classifier")]
[Dropout(Dropout), Dense(4096), ReLU]
[Dropout(Dropout), Dense(4096), ReLU]
[Dense(Classes)]
public sealed class AlexNetClassifierAttribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public AlexNetClassifierAttribute(int classes, double dropout = Dropout)
    {
    }
}
