namespace Strata.Zoo;

/// <summary>
/// LeNet-5 for 3×32×32, as lecture notes on PyTorch write it: with 128 neurons instead of 120. 65,886 parameters for 10 classes.
/// </summary>
[Conv2D(6, 5), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten]
[Dense(128), ReLU]
[Dense(84), ReLU]
[Dense(Classes)]
public sealed class NetAttribute : BlockAttribute
{
    private const int Classes = 10;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public NetAttribute(int classes = Classes)
    {
    }
}
