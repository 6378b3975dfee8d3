using Strata;

namespace Zoo.Networks;

/// <summary>The lecture notes' <c>makeModel(32, 32)</c> in Keras: convolutions of n, 2n and 4n filters on P by P pixels.</summary>
[Network, Input(3, 32, 32), MakeModel(Name = ""), Softmax, CrossEntropy]
public partial class MakeModel;

/// <summary>Three convolutions, and two dense layers.</summary>
[Conv2D(32, 3, AutoPad = AutoPad.Same), ReLU, MaxPool2D(2)]
[Conv2D(64, 3, AutoPad = AutoPad.Same), ReLU, MaxPool2D(2)]
[Conv2D(128, 3, AutoPad = AutoPad.Same), ReLU, MaxPool2D(2)]
[AveragePool2D(2)]
[Flatten]
[Dense(128), ReLU, Dropout(0.5)]
[Dense(Classes)]
public sealed class MakeModelAttribute : BlockAttribute
{
    private const int Classes = 3;

    public MakeModelAttribute(int classes = Classes)
    {
    }
}
