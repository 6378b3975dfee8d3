namespace Strata.Zoo;

/// <summary>
/// The lecture notes' <c>makeModel(32, 32)</c> in Keras: convolutions of 32, 64 and 128 filters on 3×32×32, and two dense layers. It ends
/// in logits. 159,299 parameters for 3 classes.
/// </summary>
[Conv2D(32, 3, AutoPad = AutoPad.Same), ReLU, MaxPool2D(2)]
[Conv2D(64, 3, AutoPad = AutoPad.Same), ReLU, MaxPool2D(2)]
[Conv2D(128, 3, AutoPad = AutoPad.Same), ReLU, MaxPool2D(2)]
[AveragePool2D(2)]
[Flatten]
[Dense(128), ReLU, Dropout(Dropout)]
[Dense(Classes)]
public sealed class MakeModelAttribute : BlockAttribute
{
    private const int Classes = 3;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public MakeModelAttribute(int classes = Classes, double dropout = Dropout)
    {
    }
}
