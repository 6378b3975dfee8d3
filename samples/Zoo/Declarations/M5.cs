using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>M5 for a second of sound at 8 kHz (Dai, Dai, Qu, Li and Das 2016): convolutions on the raw wave.</summary>
[Network, Input(1, 8000), M5(Name = ""), CrossEntropy]
public partial class M5;
