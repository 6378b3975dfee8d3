using Strata;

namespace Zoo.Networks;

/// <summary>LeNet-5 for colour images of 32 by 32, as lecture notes on PyTorch write it: with 128 neurons instead of 120.</summary>
[Network, Input(3, 32, 32), Net(Name = ""), CrossEntropy]
public partial class Net;

/// <summary>Two convolutions, and three dense layers.</summary>
[Conv2D(6, 5), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten]
[Dense(128), ReLU]
[Dense(84), ReLU]
[Dense(Classes)]
public sealed class NetAttribute : BlockAttribute
{
    private const int Classes = 10;

    public NetAttribute(int classes = Classes)
    {
    }
}
