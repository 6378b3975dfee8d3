namespace Strata.Zoo;

/// <summary>
/// Convolution, batch norm and rectifier, as in all inception networks. By default the input is padded so that height and width stay as
/// they are. With <c>valid: true</c> nothing is padded.
/// </summary>
[Conv2D(Filters, Height, KernelWidth = Columns, Stride = Stride, PaddingHeight = Valid ? 0 : Height / 2,
    PaddingWidth = Valid ? 0 : Columns / 2,
    Bias = false, Name = "conv")]
[BatchNorm(Epsilon = 0.001, Name = "bn"), ReLU]
public sealed class ConvUnitAttribute : BlockAttribute
{
    private const int Filters = 64, Height = 1, Width = 0, Stride = 1, Columns = Width == 0 ? Height : Width;
    private const bool Valid = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="height">Height of the kernel, at least 1.</param>
    /// <param name="width">Width of the kernel; 0 for that of its height.</param>
    /// <param name="stride">Stride, at least 1.</param>
    /// <param name="valid">Whether nothing is padded; otherwise height and width stay as they are at a stride of 1.</param>
    public ConvUnitAttribute(int filters, int height, int width = Width, int stride = Stride, bool valid = Valid)
    {
    }
}
