using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>
/// U-Net (Ronneberger, Fischer and Brox 2015) with batch norm, for one class; the names are those of the brain segmentation model on
/// PyTorch Hub.
/// </summary>
[Network, Input(3, 128, 128), UNet(Name = ""), Sigmoid, BinaryCrossEntropy]
public partial class UNet;
