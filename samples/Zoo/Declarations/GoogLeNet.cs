using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>
/// GoogLeNet (Szegedy et al. 2014) with batch norm. The auxiliary heads exist in training only. As in torchvision, what the paper
/// calls 5×5 is 3×3.
/// </summary>
[Network, Input(3, 224, 224), GoogLeNet(Name = "")]
[CrossEntropy(From = "fc")]
[CrossEntropy(From = "aux1", Weight = 0.3)]
[CrossEntropy(From = "aux2", Weight = 0.3)]
public partial class GoogLeNet;
