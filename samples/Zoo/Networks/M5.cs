namespace Strata.Zoo;

/// <summary>
/// M5 (Dai, Dai, Qu, Li and Das 2016) for the raw wave: 1×8000 is a second at 8 kHz. 26,723 parameters for 35 classes.
/// </summary>
[Conv1D(32, 80, Stride = 16, Bias = false), BatchNorm, ReLU, MaxPool1D(4)]
[Conv1D(32, 3, Bias = false), BatchNorm, ReLU, MaxPool1D(4, CeilMode = false)]
[Conv1D(64, 3, Bias = false), BatchNorm, ReLU, MaxPool1D(4)]
[Conv1D(64, 3, Bias = false), BatchNorm, ReLU, MaxPool1D(4, CeilMode = false)]
[Flatten]
[Dense(Classes)]
public sealed class M5Attribute : BlockAttribute
{
    private const int Classes = 35;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public M5Attribute(int classes = Classes)
    {
    }
}
