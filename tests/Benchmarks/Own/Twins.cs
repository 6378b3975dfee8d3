namespace Strata.Benchmarks.Own;

// Pairs of networks that differ in one layer: an operator of one's own, and its built-in twin.

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), BetaShrink(1), MaxPool2D(2), Conv2D(64, 3, Padding = 1), BetaShrink(1)]
[Flatten, Dense(10), CrossEntropy]
public partial class OwnTanhshrink;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), Tanhshrink, MaxPool2D(2), Conv2D(64, 3, Padding = 1), Tanhshrink]
[Flatten, Dense(10), CrossEntropy]
public partial class BuiltInTanhshrink;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), Clip(6), MaxPool2D(2), Conv2D(64, 3, Padding = 1), Clip(6)]
[Flatten, Dense(10), CrossEntropy]
public partial class OwnReLU6;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), ReLU6, MaxPool2D(2), Conv2D(64, 3, Padding = 1), ReLU6]
[Flatten, Dense(10), CrossEntropy]
public partial class BuiltInReLU6;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), Bent, MaxPool2D(2), Conv2D(64, 3, Padding = 1), Bent]
[Flatten, Dense(10), CrossEntropy]
public partial class OwnLeakyReLU;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), LeakyReLU, MaxPool2D(2), Conv2D(64, 3, Padding = 1), LeakyReLU]
[Flatten, Dense(10), CrossEntropy]
public partial class BuiltInLeakyReLU;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), ClippedSwish, MaxPool2D(2), Conv2D(64, 3, Padding = 1), ClippedSwish]
[Flatten, Dense(10), CrossEntropy]
public partial class OwnHardSwish;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), HardSwish, MaxPool2D(2), Conv2D(64, 3, Padding = 1), HardSwish]
[Flatten, Dense(10), CrossEntropy]
public partial class BuiltInHardSwish;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), Slopes, MaxPool2D(2), Conv2D(64, 3, Padding = 1), Slopes]
[Flatten, Dense(10), CrossEntropy]
public partial class OwnPReLU;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1), PReLU(PerChannel = true), MaxPool2D(2), Conv2D(64, 3, Padding = 1), PReLU(PerChannel = true)]
[Flatten, Dense(10), CrossEntropy]
public partial class BuiltInPReLU;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1)]
[Branch, Conv2D(32, 3, Padding = 1)]
[Branch]
[Total, ReLU]
[Flatten, Dense(10), CrossEntropy]
public partial class OwnAdd;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1)]
[Branch, Conv2D(32, 3, Padding = 1)]
[Branch]
[Add, ReLU]
[Flatten, Dense(10), CrossEntropy]
public partial class BuiltInAdd;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1)]
[Branch, Conv2D(32, 3, Padding = 1)]
[Branch]
[Times, ReLU]
[Flatten, Dense(10), CrossEntropy]
public partial class OwnMultiply;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1)]
[Branch, Conv2D(32, 3, Padding = 1)]
[Branch]
[Multiply, ReLU]
[Flatten, Dense(10), CrossEntropy]
public partial class BuiltInMultiply;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1)]
[Branch, Conv2D(32, 3, Padding = 1)]
[Branch, Conv2D(32, 1)]
[Gate]
[Flatten, Dense(10), CrossEntropy]
public partial class OwnGate;

[Network, Input(16, 32, 32)]
[Conv2D(32, 3, Padding = 1)]
[Branch, Conv2D(32, 3, Padding = 1)]
[Branch, Conv2D(32, 1), Sigmoid]
[Multiply]
[Flatten, Dense(10), CrossEntropy]
public partial class BuiltInGate;

[Network, Input(64), Dense(512), ReLU, Dense(512), Bowl(1)]
public partial class OwnHuber;

[Network, Input(64), Dense(512), ReLU, Dense(512), Huber]
public partial class BuiltInHuber;
