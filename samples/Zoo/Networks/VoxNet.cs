using Strata;

namespace Zoo.Networks;

/// <summary>VoxNet for occupancy grids of 32×32×32 voxels (Maturana and Scherer 2015).</summary>
[Network, Input(1, 32, 32, 32), VoxNet(Name = ""), CrossEntropy]
public partial class VoxNet;

/// <summary>Two convolutions, and two dense layers.</summary>
[Conv3D(32, 5, Stride = 2, AutoPad = AutoPad.Valid), LeakyReLU(0.1), Dropout(0.2)]
[Conv3D(32, 3), LeakyReLU(0.1), MaxPool3D(2), Dropout(0.3)]
[Flatten]
[Dense(128), ReLU, Dropout(0.4)]
[Dense(Classes)]
public sealed class VoxNetAttribute : BlockAttribute
{
    private const int Classes = 40;

    public VoxNetAttribute(int classes = Classes)
    {
    }
}
