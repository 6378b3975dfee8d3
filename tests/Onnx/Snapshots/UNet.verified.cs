using Strata;

namespace App.Models;

// These layers are the file's: warnings that advise how to design a network are off.
#pragma warning disable STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055

/// <summary>UNet, from an ONNX file. 7,763,041 parameters. Written by PyTorch 2.1, operator set 17.</summary>
[Network]
[Input(3, 128, 128)]
[DoubleConv(32, "enc1", Name = "encoder1"), MaxPool2D(2)]
[DoubleConv(64, "enc2", Name = "encoder2"), MaxPool2D(2)]
[DoubleConv(128, "enc3", Name = "encoder3"), MaxPool2D(2)]
[DoubleConv(256, "enc4", Name = "encoder4"), MaxPool2D(2)]
[DoubleConv(512, "bottleneck", Name = "bottleneck")]
[ConvTranspose2D(256, 2, Stride = 2, Name = "upconv4"), Concat("upconv4", "encoder4")]
[DoubleConv(256, "dec4", Name = "decoder4")]
[ConvTranspose2D(128, 2, Stride = 2, Name = "upconv3"), Concat("upconv3", "encoder3")]
[DoubleConv(128, "dec3", Name = "decoder3")]
[ConvTranspose2D(64, 2, Stride = 2, Name = "upconv2"), Concat("upconv2", "encoder2")]
[DoubleConv(64, "dec2", Name = "decoder2")]
[ConvTranspose2D(32, 2, Stride = 2, Name = "upconv1"), Concat("upconv1", "encoder1")]
[DoubleConv(32, "dec1", Name = "decoder1")]
[Conv2D(1, 1, Name = "conv")]
public partial class UNet;

/// <summary>Two convolutions, each with a norm and an activation.</summary>
[Conv2D(Filters, 3, Padding = 1, Bias = false, Name = Stem + "conv1"), BatchNorm(Name = Stem + "norm1"), ReLU]
[Conv2D(Filters, 3, Padding = 1, Bias = false, Name = Stem + "conv2"), BatchNorm(Name = Stem + "norm2"), ReLU]
internal sealed class DoubleConvAttribute : BlockAttribute
{
    private const int Filters = 32;
    private const string Stem = "enc1";
    public DoubleConvAttribute(int filters, string stem) { }
}
