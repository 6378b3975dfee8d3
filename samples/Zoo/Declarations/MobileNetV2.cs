using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>MobileNetV2: table 2 of Sandler, Howard, Zhu, Zhmoginov and Chen 2018.</summary>
[Network, Input(3, 224, 224), MobileNetV2(Name = ""), CrossEntropy]
public partial class MobileNetV2;
