using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>VGG-11, column A of table 1 (Simonyan and Zisserman 2014).</summary>
[Network, Input(3, 224, 224), Vgg11(Name = ""), CrossEntropy]
public partial class Vgg11;

/// <summary>VGG-13, column B.</summary>
[Network, Input(3, 224, 224), Vgg13(Name = ""), CrossEntropy]
public partial class Vgg13;

/// <summary>VGG-16, column D.</summary>
[Network(WeightStorage = WeightStorage.BFloat16), Input(3, 224, 224), Vgg16(Name = ""), CrossEntropy]
public partial class Vgg16;

/// <summary>VGG-19, column E.</summary>
[Network, Input(3, 224, 224), Vgg19(Name = ""), CrossEntropy]
public partial class Vgg19;
