using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>VoxNet for occupancy grids of 32×32×32 voxels (Maturana and Scherer 2015).</summary>
[Network, Input(1, 32, 32, 32), VoxNet(Name = ""), CrossEntropy]
public partial class VoxNet;
