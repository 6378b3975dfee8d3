using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>ResNet-20 for CIFAR-10 (He et al. 2015, section 4.2), with projections where the shape changes.</summary>
[Network(Observable = true), Input(3, 32, 32), ResNet20(Name = ""), CrossEntropy]
public partial class ResNet20;

/// <summary>
/// The same for Fashion-MNIST: grey images of 28×28 pixels from 0 to 1, normalised by the training images' mean and deviation.
/// </summary>
[Network, Input(1, 28, 28), Normalize([0.2860], [0.3530]), ResNet20(Name = ""), CrossEntropy]
public partial class FashionResNet20;
