using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>
/// AlexNet without the split over two GPUs (Krizhevsky 2014), as in torchvision. torchvision's adaptive pooling is left out: for this
/// input size it changes nothing.
/// </summary>
[Network(Observable = true, WeightStorage = WeightStorage.BFloat16), Input(3, 224, 224), AlexNet(Name = ""), CrossEntropy]
public partial class AlexNet;

/// <summary>The same with batch norm in place of the convolutions' biases.</summary>
[Network, Input(3, 224, 224), AlexNetBN(Name = ""), CrossEntropy]
public partial class AlexNetBN;
