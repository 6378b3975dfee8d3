using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>
/// Inception-v4 (Szegedy, Ioffe, Vanhoucke and Alemi 2016). The names of layers are those of the PyTorch checkpoints in circulation. The
/// figures below are the paper's.
/// </summary>
[Network, Input(3, 299, 299), InceptionV4(Name = ""), CrossEntropy]
public partial class InceptionV4;
