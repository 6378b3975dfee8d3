using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>MobileNetV3-Large: table 1 of Howard et al. 2019.</summary>
[Network, Input(3, 224, 224), MobileNetV3Large(Name = ""), CrossEntropy]
public partial class MobileNetV3Large;
