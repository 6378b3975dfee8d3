using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>SqueezeNet 1.1 (Iandola et al. 2016).</summary>
[Network, Input(3, 224, 224), SqueezeNet(Name = ""), CrossEntropy]
public partial class SqueezeNet;
