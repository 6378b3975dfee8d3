namespace Strata.Zoo;

/// <summary>
/// A fast style transfer network (Johnson, Alahi and Fei-Fei 2016) with instance norm (Ulyanov et al. 2017) and the keys of PyTorch's
/// examples, for 3×H×W, multiples of 4: a picture of the same size. 1,679,235 parameters.
/// </summary>
[ReflectConv(32, 9, Name = "conv1"), InstanceNorm(Affine = true), ReLU]
[ReflectConv(64, 3, stride: 2, Name = "conv2"), InstanceNorm(Affine = true), ReLU]
[ReflectConv(128, 3, stride: 2, Name = "conv3"), InstanceNorm(Affine = true), ReLU]
[StyleResidual(128, Name = "res{1}", Repeat = 5)]
[Upsample2D(2), ReflectConv(64, 3, Name = "deconv1"), InstanceNorm(Affine = true), ReLU]
[Upsample2D(2), ReflectConv(32, 3, Name = "deconv2"), InstanceNorm(Affine = true), ReLU]
[ReflectConv(3, 9, Name = "deconv3")]
public sealed class StyleTransferAttribute : BlockAttribute;

/// <summary>Two convolutions with instance norm, added to their input.</summary>
[Branch]
[Branch, ReflectConv(Channels, 3, Name = "conv1"), InstanceNorm(Affine = true), ReLU,
         ReflectConv(Channels, 3, Name = "conv2"), InstanceNorm(Affine = true)]
[Add]
public sealed class StyleResidualAttribute : BlockAttribute
{
    private const int Channels = 128;

    /// <summary>Sets the parameter.</summary>
    /// <param name="channels">Channels of the input and of the output.</param>
    public StyleResidualAttribute(int channels) { }
}

/// <summary>A convolution whose input is mirrored at its edges.</summary>
[Conv2D(Filters, Kernel, Stride = Stride, Padding = Kernel / 2, PaddingMode = PaddingMode.Reflect, Name = "conv2d")]
public sealed class ReflectConvAttribute : BlockAttribute
{
    private const int Filters = 32, Kernel = 3, Stride = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the square kernel, at least 1 and odd.</param>
    /// <param name="stride">Stride, at least 1.</param>
    public ReflectConvAttribute(int filters, int kernel, int stride = Stride) { }
}
