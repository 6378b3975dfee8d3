namespace Strata.Benchmarks.Networks;

/// <summary>The small network of PyTorch's introduction to image classification, with dense layers of 128 and 84 units.</summary>
[Network]
[Input(3, 32, 32)]
[Conv2D(6, 5), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten]
[Dense(128), ReLU]
[Dense(84), ReLU]
[Dense(10)]
[CrossEntropy]
public partial class Net;
