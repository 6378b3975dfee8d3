using Strata;

namespace Samples.Segment;

/// <summary>
/// A small U-Net (Ronneberger, Fischer and Brox 2015): the way down sees more and more of the picture, the way up joins that with the fine
/// maps of the same size, and each pixel gets a score of each class.
/// </summary>
[Network, Input(3, Size, Size)]
[Twice(8, Name = "fine")]
[MaxPool2D(2), Twice(16, Name = "middle")]
[MaxPool2D(2), Twice(32, Name = "coarse")]
[MaxPool2D(2), Twice(48)]
[ConvTranspose2D(32, 2, Stride = 2, Name = "up1"), Concat("up1", "coarse"), Twice(32)]
[ConvTranspose2D(16, 2, Stride = 2, Name = "up2"), Concat("up2", "middle"), Twice(16)]
[ConvTranspose2D(8, 2, Stride = 2, Name = "up3"), Concat("up3", "fine"), Twice(8)]
[Conv2D(4, 1, Name = "scores")]                              // background, circle, square, triangle
[CrossEntropy]                                               // of each pixel
public partial class UNet
{
    public const int Size = 64, Classes = 4;
}

/// <summary>Two convolutions, each with batch norm and rectifier.</summary>
[Conv2D(Filters, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(Filters, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
public sealed class TwiceAttribute : BlockAttribute
{
    private const int Filters = 8;

    public TwiceAttribute(int filters) { }
}
