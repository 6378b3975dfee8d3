using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>Inception-v3 (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2015). The auxiliary head exists in training only.</summary>
[Network, Input(3, 299, 299), InceptionV3(Name = "")]
[CrossEntropy(From = "fc")]
[CrossEntropy(From = "AuxLogits", Weight = 0.4)]
public partial class InceptionV3;
