using Strata;

namespace Digits;

/// <summary>Reads handwritten digits (LeCun et al. 1998, with ReLU and max pooling as is usual today).</summary>
[Network(Observable = true, InputGradient = true)]   // 'look' draws what its layers compute, 'why' what they look at
[Input(1, 28, 28)]                                   // pixels from 0, paper, to 1
[Normalize([0.1307], [0.3081])]                      // mean and deviation of MNIST's training images
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten]
[Dense(120), ReLU]
[Dense(84), ReLU]
[Dense(10), Softmax]
[CrossEntropy]
public partial class LeNet5;
