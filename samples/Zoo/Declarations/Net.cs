using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>LeNet-5 for colour images of 32 by 32, as lecture notes on PyTorch write it: with 128 neurons instead of 120.</summary>
[Network, Input(3, 32, 32), Net(Name = ""), CrossEntropy]
public partial class Net;
