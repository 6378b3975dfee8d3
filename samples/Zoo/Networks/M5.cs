using Strata;

namespace Zoo.Networks;

/// <summary>M5 for a second of sound at 8 kHz (Dai, Dai, Qu, Li and Das 2016): convolutions on the raw wave.</summary>
[Network, Input(1, 8000), M5(Name = ""), CrossEntropy]
public partial class M5;

/// <summary>Four convolutions, and one dense layer.</summary>
[Conv1D(32, 80, Stride = 16, Bias = false), BatchNorm, ReLU, MaxPool1D(4)]
[Conv1D(32, 3, Bias = false), BatchNorm, ReLU, MaxPool1D(4, CeilMode = false)]
[Conv1D(64, 3, Bias = false), BatchNorm, ReLU, MaxPool1D(4)]
[Conv1D(64, 3, Bias = false), BatchNorm, ReLU, MaxPool1D(4, CeilMode = false)]
[Flatten]
[Dense(Classes)]
public sealed class M5Attribute : BlockAttribute
{
    private const int Classes = 35;

    public M5Attribute(int classes = Classes)
    {
    }
}
