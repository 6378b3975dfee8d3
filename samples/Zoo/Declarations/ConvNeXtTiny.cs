using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>ConvNeXt-T: table 9 of Liu et al. 2022.</summary>
[Network, Input(3, 224, 224), ConvNeXtTiny(Name = ""), CrossEntropy]
public partial class ConvNeXtTiny;
