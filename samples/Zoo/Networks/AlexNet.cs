using Strata;

namespace Zoo.Networks;

/// <summary>
/// AlexNet in the form of one column (Krizhevsky 2014). torchvision's adaptive pooling is the identity at this size.
/// </summary>
[Network(Observable = true)]
[Input(3, 224, 224)]
[Sequential("features")]
[Conv2D(64, 11, Stride = 4, Padding = 2), ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(192, 5, Padding = 2), ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1), ReLU]
[Conv2D(256, 3, Padding = 1), ReLU]
[Conv2D(256, 3, Padding = 1), ReLU, MaxPool2D(3, Stride = 2)]
[Flatten]
[Sequential("classifier")]
[Dropout(0.5), Dense(4096), ReLU]
[Dropout(0.5), Dense(4096), ReLU]
[Dense(1000)]
[CrossEntropy]
public partial class AlexNet;

/// <summary>The same with batch norm in place of the convolutions' biases.</summary>
[Network]
[Input(3, 224, 224)]
[Sequential("features")]
[Conv2D(64, 11, Stride = 4, Padding = 2, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(192, 5, Padding = 2, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2)]
[Flatten]
[Sequential("classifier")]
[Dropout(0.5), Dense(4096), ReLU]
[Dropout(0.5), Dense(4096), ReLU]
[Dense(1000)]
[CrossEntropy]
public partial class AlexNetBN;
