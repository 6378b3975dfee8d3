using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>EfficientNet-B0: table 1 of Tan and Le 2019.</summary>
[Network, Input(3, 224, 224), EfficientNetB0(Name = ""), CrossEntropy]
public partial class EfficientNetB0;
