using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>ENet: table 1 of Paszke, Chaurasia, Kim and Culurciello 2016, for 12 classes. Pixels of class 255 are ignored.</summary>
[Network, Input(3, 256, 256), ENet(Name = ""), CrossEntropy(IgnoreIndex = 255)]
public partial class ENet;
