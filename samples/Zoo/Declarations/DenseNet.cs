using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>DenseNet-121: table 1 of Huang, Liu, van der Maaten and Weinberger 2016, with a growth of 32.</summary>
[Network, Input(3, 224, 224), DenseNet121(Name = ""), CrossEntropy]
public partial class DenseNet121;
