using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>The lecture notes' <c>makeModel(32, 32)</c> in Keras: convolutions of n, 2n and 4n filters on P by P pixels.</summary>
[Network, Input(3, 32, 32), MakeModel(Name = ""), Softmax, CrossEntropy]
public partial class MakeModel;
