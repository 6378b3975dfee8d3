using Strata;

namespace Zoo.Networks;

/// <summary>LeNet-5 with rectifiers and max pooling (LeCun, Bottou, Bengio and Haffner 1998).</summary>
[Network(Observable = true)]
[Input(1, 28, 28)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten]
[Dense(120), ReLU]
[Dense(84), ReLU]
[Dense(10), Softmax]
[CrossEntropy]
public partial class LeNet5;

/// <summary>The same as first published: sigmoids, and average pooling.</summary>
[Network]
[Input(1, 28, 28)]
[Conv2D(6, 5, Padding = 2), Sigmoid, AveragePool2D(2)]
[Conv2D(16, 5), Sigmoid, AveragePool2D(2)]
[Flatten]
[Dense(120), Sigmoid]
[Dense(84), Sigmoid]
[Dense(10), Softmax]
[CrossEntropy]
public partial class LeNetSigmoid;
