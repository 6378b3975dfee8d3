using System;
using Strata;

namespace Hosts;

/// <summary>LeNet-5 on 28×28 digits.</summary>
[Network]
[Input(1, 28, 28)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten, Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax]
[CrossEntropy]
public sealed partial class LeNet5;

/// <summary>A residual network: 3×3 convolutions (Winograd), batch norm, a strided shortcut.</summary>
[Network]
[Input(3, 16, 16)]
[Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Branch, Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm]
[Branch]
[Add, ReLU]
[Branch, Conv2D(32, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm]
[Branch, Conv2D(32, 1, Stride = 2, Bias = false), BatchNorm]
[Add, ReLU]
[GlobalAveragePool2D, Flatten, Dense(10)]
[CrossEntropy]
public sealed partial class Residual;

/// <summary>MobileNet's parts, at two sizes: depthwise convolutions, hard swish, squeeze and excite.</summary>
[Network]
[Input(3, 16, 16), Sizes(Width = new[] { 24 })]
[Conv2D(8, 3, Stride = 2, Padding = 1), HardSwish]
[Conv2D(24, 1, Bias = false), BatchNorm, HardSwish, Conv2D(24, 5, Padding = 2, Groups = 24, Bias = false), BatchNorm]
[Branch]
[Branch, GlobalAveragePool2D, Conv2D(8, 1), ReLU, Conv2D(24, 1), HardSigmoid]
[Multiply, HardSwish, Conv2D(12, 1)]
[GlobalAveragePool2D, Flatten, Dense(10)]
[CrossEntropy]
public sealed partial class Mobile;

/// <summary>An encoder and a decoder with a bridge; a class for each pixel.</summary>
[Network]
[Input(2, 12, 12)]
[Conv2D(8, 3, Padding = 1), GroupNorm(4), GELU]
[Branch, MaxPool2D(2), Conv2D(12, 3, Padding = 1), InstanceNorm, SiLU, ConvTranspose2D(8, 2, Stride = 2)]
[Branch]
[Concat, Conv2D(3, 1)]
[CrossEntropy]
public sealed partial class EncoderDecoder;

/// <summary>x·tanh(softplus(βx)).</summary>
public sealed class BetaMishAttribute : ElementwiseAttribute
{
    private const double Beta = 1;
    public BetaMishAttribute(double beta = Beta) { }
    public static float Value(float x) => x * MathF.Tanh(Functions.Softplus((float)Beta * x));
}

/// <summary>x above 0, else Slope·x, with a slope for each channel.</summary>
public sealed class SlopesAttribute : ElementwiseAttribute
{
    [Trained(PerChannel = true)] private const double Slope = 0.25;
    public static float Value(float x) => x > 0 ? x : (float)Slope * x;
}

/// <summary>A sequence: 1-D convolutions with dilation, layer norm, tanh, and the operators above.</summary>
[Network]
[Input(4, 50)]
[Conv1D(16, 5, Dilation = 2, Padding = 4), LayerNorm, Tanh, AveragePool1D(2)]
[Conv1D(20, 3), BetaMish(1.5), Conv1D(20, 1), Slopes, GlobalMaxPool1D, Flatten, Dense(6)]
[CrossEntropy]
public sealed partial class Sequence;
