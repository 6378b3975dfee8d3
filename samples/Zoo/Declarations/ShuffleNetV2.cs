using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>ShuffleNetV2 ×1.0: table 5 of Ma, Zhang, Zheng and Sun 2018.</summary>
[Network, Input(3, 224, 224), ShuffleNetV2(Name = ""), CrossEntropy]
public partial class ShuffleNetV2;
