using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>ResNet-18: table 1 of He, Zhang, Ren and Sun 2015.</summary>
[Network, Input(3, 224, 224), ResNet18(Name = ""), CrossEntropy]
public partial class ResNet18;

/// <summary>ResNet-34.</summary>
[Network, Input(3, 224, 224), ResNet34(Name = ""), CrossEntropy]
public partial class ResNet34;

/// <summary>ResNet-50.</summary>
[Network, Input(3, 224, 224), ResNet50(Name = ""), CrossEntropy]
public partial class ResNet50;

/// <summary>ResNet-101.</summary>
[Network, Input(3, 224, 224), ResNet101(Name = ""), CrossEntropy]
public partial class ResNet101;

/// <summary>ResNet-152.</summary>
[Network, Input(3, 224, 224), ResNet152(Name = ""), CrossEntropy]
public partial class ResNet152;
