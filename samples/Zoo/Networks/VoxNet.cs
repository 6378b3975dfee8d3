namespace Strata.Zoo;

/// <summary>
/// VoxNet (Maturana and Scherer 2015) for occupancy grids of 1×32×32×32 voxels. 921,736 parameters for 40 classes.
/// </summary>
[Conv3D(32, 5, Stride = 2, AutoPad = AutoPad.Valid), LeakyReLU(0.1), Dropout(0.2)]
[Conv3D(32, 3), LeakyReLU(0.1), MaxPool3D(2), Dropout(0.3)]
[Flatten]
[Dense(128), ReLU, Dropout(0.4)]
[Dense(Classes)]
public sealed class VoxNetAttribute : BlockAttribute
{
    private const int Classes = 40;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public VoxNetAttribute(int classes = Classes)
    {
    }
}
