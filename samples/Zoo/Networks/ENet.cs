namespace Strata.Zoo;

/// <summary>
/// ENet (Paszke, Chaurasia, Kim and Culurciello 2016, table 1) for 3×256×256: a score of each class at each pixel. 362,139 parameters for
/// 12 classes.
/// </summary>
[Branch, Conv2D(13, 3, Stride = 2, Padding = 1, Bias = false, Name = "initial")]
[Branch, MaxPool2D(2)]
[Concat, BatchNorm, PReLU(PerChannel = true)]
[Down(16, 64, 128, 0.01, Name = "down1")]
[Regular(64, 0.01, Name = "stage1", Repeat = 4)]
[Down(64, 128, 64, 0.1, Name = "down2")]
[Context(Name = "stage2")]
[Context(Name = "stage3")]
[Up(64, "down2.pool1", Name = "up4")]
[Regular(64, 0.1, Name = "stage4", Repeat = 2)]
[Up(16, "down1.pool1", Name = "up5")]
[Regular(16, 0.1, Name = "stage5")]
[ConvTranspose2D(Classes, 2, Stride = 2, Name = "fullconv")]
public sealed class ENetAttribute : BlockAttribute
{
    private const int Classes = 12;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ENetAttribute(int classes = Classes)
    {
    }
}

/// <summary>Regular, dilated and asymmetric bottlenecks in turn.</summary>
[Sequential]
[Regular(128, 0.1), Regular(128, 0.1, dilation: 2), Asymmetric(128, 0.1), Regular(128, 0.1, dilation: 4)]
[Regular(128, 0.1), Regular(128, 0.1, dilation: 8), Asymmetric(128, 0.1), Regular(128, 0.1, dilation: 16)]
public sealed class ContextAttribute : BlockAttribute;

/// <summary>The paper's figure 2(b): to a quarter of the channels, a 3×3 convolution, and back, beside the identity.</summary>
[Branch]
[Branch, Conv2D(Filters / 4, 1, Bias = false), BatchNorm, PReLU(PerChannel = true),
         Conv2D(Filters / 4, 3, Padding = Dilation, Dilation = Dilation, Bias = false), BatchNorm, PReLU(PerChannel = true),
         Conv2D(Filters, 1, Bias = false, Name = "expand"), BatchNorm, SpatialDropout(Rate)]
[Add, PReLU(PerChannel = true)]
public sealed class RegularAttribute : BlockAttribute
{
    private const int Filters = 64, Dilation = 1;
    private const double Rate = 0.1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, a multiple of 4.</param>
    /// <param name="rate">Rate of spatial dropout, at least 0 and less than 1.</param>
    /// <param name="dilation">Distance of the taps of the 3×3 convolution, at least 1.</param>
    public RegularAttribute(int filters, double rate, int dilation = Dilation)
    {
    }
}

/// <summary>The same with a column of 5 and a row of 5 in place of the 3×3 convolution.</summary>
[Branch]
[Branch, Conv2D(Filters / 4, 1, Bias = false), BatchNorm, PReLU(PerChannel = true),
         Conv2D(Filters / 4, 5, KernelWidth = 1, PaddingHeight = 2, Bias = false),
         Conv2D(Filters / 4, 5, KernelHeight = 1, PaddingWidth = 2, Bias = false), BatchNorm, PReLU(PerChannel = true),
         Conv2D(Filters, 1, Bias = false, Name = "expand"), BatchNorm, SpatialDropout(Rate)]
[Add, PReLU(PerChannel = true)]
public sealed class AsymmetricAttribute : BlockAttribute
{
    private const int Filters = 128;
    private const double Rate = 0.1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, a multiple of 4.</param>
    /// <param name="rate">Rate of spatial dropout, at least 0 and less than 1.</param>
    public AsymmetricAttribute(int filters, double rate)
    {
    }
}

/// <summary>
/// Halves the extents. The main branch is max pooling, to which channels of zeros are added by padding: the channels are reshaped to planes
/// of a volume for it.
/// </summary>
[Branch, MaxPool2D(2), Reshape(1, Inputs, Side / 2, Side / 2), Pad3D(0, PaddingBack = Filters - Inputs),
         Reshape(Filters, Side / 2, Side / 2)]
[Branch, Conv2D(Filters / 4, 2, Stride = 2, Bias = false), BatchNorm, PReLU(PerChannel = true),
         Conv2D(Filters / 4, 3, Padding = 1, Bias = false), BatchNorm, PReLU(PerChannel = true),
         Conv2D(Filters, 1, Bias = false, Name = "expand"), BatchNorm, SpatialDropout(Rate)]
[Add, PReLU(PerChannel = true)]
public sealed class DownAttribute : BlockAttribute
{
    private const int Inputs = 16, Filters = 64, Side = 128;
    private const double Rate = 0.01;

    /// <summary>Sets the parameters.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="filters">Output channels, a multiple of 4.</param>
    /// <param name="side">Height and width of the input, even.</param>
    /// <param name="rate">Rate of spatial dropout, at least 0 and less than 1.</param>
    public DownAttribute(int inputs, int filters, int side, double rate)
    {
    }
}

/// <summary>Doubles the extents. The main branch is max unpooling: it puts each number where the maximum was.</summary>
[Branch, Conv2D(Filters, 1, Bias = false, Name = "main1"), BatchNorm(Name = "main2"), MaxUnpool2D(Pool)]
[Branch, Conv2D(Filters / 4, 1, Bias = false, Name = "conv1"), BatchNorm(Name = "bn1"), PReLU(PerChannel = true),
         ConvTranspose2D(Filters / 4, 2, Stride = 2, Bias = false, Name = "conv2"), BatchNorm(Name = "bn2"), PReLU(PerChannel = true),
         Conv2D(Filters, 1, Bias = false, Name = "expand"), BatchNorm(Name = "bn3"), SpatialDropout(0.1)]
[Add, PReLU(PerChannel = true)]
public sealed class UpAttribute : BlockAttribute
{
    private const int Filters = 64;
    private const string Pool = "";

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, a multiple of 4.</param>
    /// <param name="pool">Key of the max pooling whose places are taken.</param>
    public UpAttribute(int filters, string pool)
    {
    }
}
