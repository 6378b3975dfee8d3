namespace Strata.Zoo;

/// <summary>
/// U-Net (Ronneberger, Fischer and Brox 2015) with batch norm, for 3×128×128: a logit of each class at each pixel. The keys are those of
/// the brain segmentation model on PyTorch Hub. 7,763,041 parameters for 1 class.
/// </summary>
[DoubleConv(Features, "enc1", Name = "encoder1"), MaxPool2D(2)]
[DoubleConv(2 * Features, "enc2", Name = "encoder2"), MaxPool2D(2)]
[DoubleConv(4 * Features, "enc3", Name = "encoder3"), MaxPool2D(2)]
[DoubleConv(8 * Features, "enc4", Name = "encoder4"), MaxPool2D(2)]
[DoubleConv(16 * Features, "bottleneck", Name = "bottleneck")]
[ConvTranspose2D(8 * Features, 2, Stride = 2, Name = "upconv4"), Concat("upconv4", "encoder4")]
[DoubleConv(8 * Features, "dec4", Name = "decoder4")]
[ConvTranspose2D(4 * Features, 2, Stride = 2, Name = "upconv3"), Concat("upconv3", "encoder3")]
[DoubleConv(4 * Features, "dec3", Name = "decoder3")]
[ConvTranspose2D(2 * Features, 2, Stride = 2, Name = "upconv2"), Concat("upconv2", "encoder2")]
[DoubleConv(2 * Features, "dec2", Name = "decoder2")]
[ConvTranspose2D(Features, 2, Stride = 2, Name = "upconv1"), Concat("upconv1", "encoder1")]
[DoubleConv(Features, "dec1", Name = "decoder1")]
[Conv2D(Classes, 1, Name = "conv")]
public sealed class UNetAttribute : BlockAttribute
{
    private const int Classes = 1, Features = 32;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="features">Channels of the first encoder, at least 1; each deeper one has twice as many.</param>
    public UNetAttribute(int classes = Classes, int features = Features)
    {
    }
}

/// <summary>Two convolutions, each with batch norm and rectifier.</summary>
[Conv2D(Filters, 3, Padding = 1, Bias = false, Name = Stem + "conv1"), BatchNorm(Name = Stem + "norm1"), ReLU]
[Conv2D(Filters, 3, Padding = 1, Bias = false, Name = Stem + "conv2"), BatchNorm(Name = Stem + "norm2"), ReLU]
public sealed class DoubleConvAttribute : BlockAttribute
{
    private const int Filters = 32;
    private const string Stem = "";

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="stem">What the names of its layers begin with.</param>
    public DoubleConvAttribute(int filters, string stem)
    {
    }
}
