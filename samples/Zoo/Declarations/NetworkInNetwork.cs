using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>Network in network for CIFAR-10 (Lin, Chen and Yan 2013): a small network at each pixel, and no dense layer.</summary>
[Network, Input(3, 32, 32), NetworkInNetwork(Name = ""), CrossEntropy]
public partial class NetworkInNetwork;

/// <summary>The same with batch norm in place of the biases.</summary>
[Network, Input(3, 32, 32), NetworkInNetworkBN(Name = ""), CrossEntropy]
public partial class NetworkInNetworkBN;
