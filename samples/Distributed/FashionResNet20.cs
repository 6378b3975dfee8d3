using Strata;
using Strata.Zoo;

namespace Samples.Distributed;

/// <summary>ResNet-20 (He et al. 2015) for grey images of 28×28 pixels, with Fashion-MNIST's mean and deviation.</summary>
[Network, Input(1, 28, 28), Normalize([0.2860], [0.3530]), ResNet20(Name = ""), CrossEntropy]
public partial class FashionResNet20;
