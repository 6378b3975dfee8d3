using Strata;

[Network]
[Input(1, 28, 28)]                                   // channels, height, width; pixels from 0 to 1
[Normalize([0.1307], [0.3081])]                      // mean and deviation of MNIST's training images
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten]
[Dense(120), ReLU]
[Dense(84), ReLU]
[Dense(10), Softmax]
[CrossEntropy]                                       // a loss makes the network trainable
public partial class LeNet5;
