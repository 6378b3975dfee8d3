namespace Strata.Weights.Tests;

/// <summary>The network whose weights make_goldens.py saves.</summary>
[Network, Input(1, 4, 4)]
[Conv2D(2, 3, Bias = false), BatchNorm, ReLU]
[Flatten, Dense(3, Name = "fc1"), Softmax]
public partial class Small;
