using Strata;

namespace Zoo.Networks;

/// <summary>M5 for a second of sound at 8 kHz (Dai, Dai, Qu, Li and Das 2016): convolutions on the raw wave.</summary>
[Network]
[Input(1, 8000)]
[Conv1D(32, 80, Stride = 16, Bias = false), BatchNorm, ReLU, MaxPool1D(4)]
[Conv1D(32, 3, Bias = false), BatchNorm, ReLU, MaxPool1D(4, CeilMode = false)]
[Conv1D(64, 3, Bias = false), BatchNorm, ReLU, MaxPool1D(4)]
[Conv1D(64, 3, Bias = false), BatchNorm, ReLU, MaxPool1D(4, CeilMode = false)]
[Flatten]
[Dense(35)]
[CrossEntropy]
public partial class M5;
