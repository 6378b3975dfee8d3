namespace Strata.Distributed.Tests;

/// <summary>LeNet-5: convolutions and dense layers, no batch norm.</summary>
[Network, Input(1, 28, 28)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten, Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax, CrossEntropy]
public sealed partial class LeNet5;

/// <summary>A small residual network with batch norm, dropout and weighted classes, of which one is ignored.</summary>
[Network, Input(3, 12, 12)]
[Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Branch, Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm]
[Branch]
[Add, ReLU]
[Dropout(0.25), AdaptiveAveragePool2D(1), Flatten, Dense(5), Softmax]
[CrossEntropy(ClassWeights = [1, 2, 0.5, 1, 3], IgnoreIndex = 9)]
public sealed partial class Residual;

/// <summary>A regression with a dense layer that is large enough for its gradients to be deferred.</summary>
[Network, Input(1024)]
[Dense(512), Tanh, Dense(3), MeanSquaredError]
public sealed partial class Regression;

/// <summary>A batch norm with one value per channel.</summary>
[Network, Input(6), Dense(4), BatchNorm, ReLU, Dense(2), Softmax, CrossEntropy]
public sealed partial class Flat;

/// <summary>A network without batch norm, with enough weights for several buckets of gradients.</summary>
[Network, Input(3, 16, 16)]
[Conv2D(64, 3, Padding = 1), ReLU, Conv2D(128, 3, Padding = 1, Stride = 2), ReLU]
[Conv2D(256, 3, Padding = 1, Stride = 2), ReLU, Conv2D(256, 3, Padding = 1), ReLU]
[Flatten, Dense(256), ReLU, Dense(10), Softmax, CrossEntropy]
public sealed partial class Wide;

/// <summary>A network whose loss is computed by its caller.</summary>
[Network(InputGradient = true), Input(6), Dense(16), BatchNorm, ReLU, Dropout(0.3), Dense(2), ExternalLoss]
public sealed partial class Own;

/// <summary>Networks of the same names, of which something differs.</summary>
public static partial class Half
{
    /// <summary>As the other one, with more dropout.</summary>
    [Network(InputGradient = true), Input(6), Dense(16), BatchNorm, ReLU, Dropout(0.5), Dense(2), ExternalLoss]
    public sealed partial class Own;
}
