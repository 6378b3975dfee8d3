namespace Strata.Zoo;

/// <summary>
/// LeNet-5 with rectifiers and max pooling (LeCun, Bottou, Bengio and Haffner 1998) for 1×28×28. It ends in logits. 61,706 parameters for
/// 10 classes.
/// </summary>
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten]
[Dense(120), ReLU]
[Dense(84), ReLU]
[Dense(Classes)]
public sealed class LeNet5Attribute : BlockAttribute
{
    private const int Classes = 10;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public LeNet5Attribute(int classes = Classes)
    {
    }
}

/// <summary>The same as first published: sigmoids, and average pooling. 61,706 parameters for 10 classes.</summary>
[Conv2D(6, 5, Padding = 2), Sigmoid, AveragePool2D(2)]
[Conv2D(16, 5), Sigmoid, AveragePool2D(2)]
[Flatten]
[Dense(120), Sigmoid]
[Dense(84), Sigmoid]
[Dense(Classes)]
public sealed class LeNetSigmoidAttribute : BlockAttribute
{
    private const int Classes = 10;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public LeNetSigmoidAttribute(int classes = Classes)
    {
    }
}
