namespace Strata.Zoo;

/// <summary>
/// A fully convolutional segmenter (Long, Shelhamer and Darrell 2015) with a pyramid of dilated convolutions and an image-wide branch
/// (Chen, Papandreou, Schroff and Adam 2017), for 3×96×96: a score of each class at each pixel. 523,253 parameters for 21 classes.
/// </summary>
[Sequential("stem")]
[Dilated(32, 3, stride: 2), Dilated(64, 3, stride: 2), Dilated(128, 3), Dilated(128, 3, dilation: 2)]
[Branch, Dilated(64, 1, Name = "point")]
[Branch, Dilated(64, 3, dilation: 3, Name = "near")]
[Branch, Dilated(64, 3, dilation: 6, Name = "middle")]
[Branch, Dilated(64, 3, dilation: 9, Name = "far")]
[Branch, GlobalAveragePool2D, Conv2D(64, 1, Name = "image"), ReLU, Upsample2D(24)]
[Concat]
[Dilated(128, 1, Name = "project")]
[Conv2D(Classes, 1, Name = "score"), Upsample2D(4, Mode = UpsampleMode.Bilinear)]
public sealed class PyramidAttribute : BlockAttribute
{
    private const int Classes = 21;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public PyramidAttribute(int classes = Classes)
    {
    }
}

/// <summary>Convolution that keeps the extents at a stride of 1, batch norm, rectifier.</summary>
[Conv2D(Filters, Kernel, Stride = Stride, Padding = Dilation * (Kernel / 2), Dilation = Dilation, Bias = false, Name = "conv")]
[BatchNorm(Name = "bn"), ReLU]
public sealed class DilatedAttribute : BlockAttribute
{
    private const int Filters = 64, Kernel = 3, Stride = 1, Dilation = 1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the square kernel, at least 1.</param>
    /// <param name="stride">Stride, at least 1.</param>
    /// <param name="dilation">Distance of the taps, at least 1.</param>
    public DilatedAttribute(int filters, int kernel, int stride = Stride, int dilation = Dilation)
    {
    }
}
