namespace Strata.Zoo;

/// <summary>
/// Swin-T (Liu et al. 2021, table 7) with torchvision's keys, for 3×224×224 and other multiples of 32. 28,288,354 parameters for 1000
/// classes.
/// </summary>
[Conv2D(96, 4, Stride = 4, Name = "features.0.0"), LayerNorm(OverChannels = true, Name = "features.0.2")]
[SwinBlock(96, 3, 0, Name = "features.1.0"), SwinBlock(96, 3, 3, Name = "features.1.1"), SwinPatchMerging(192, Name = "features.2")]
[SwinBlock(192, 6, 0, Name = "features.3.0"), SwinBlock(192, 6, 3, Name = "features.3.1"), SwinPatchMerging(384, Name = "features.4")]
[SwinBlock(384, 12, 0, Name = "features.5.0"), SwinBlock(384, 12, 3, Name = "features.5.1")]
[SwinBlock(384, 12, 0, Name = "features.5.2"), SwinBlock(384, 12, 3, Name = "features.5.3")]
[SwinBlock(384, 12, 0, Name = "features.5.4"), SwinBlock(384, 12, 3, Name = "features.5.5"), SwinPatchMerging(768, Name = "features.6")]
[SwinBlock(768, 24, 0, Name = "features.7.0"), SwinBlock(768, 24, 3, Name = "features.7.1")]
[LayerNorm(OverChannels = true, Name = "norm"), GlobalAveragePool2D, Flatten, Dense(Classes, Name = "head")]
public sealed class SwinTinyAttribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public SwinTinyAttribute(int classes = Classes) { }
}

/// <summary>Attention in windows of 7×7, then a perceptron of four times the channels; the input is added to both.</summary>
[Branch]
[Branch, LayerNorm(OverChannels = true, Name = "norm1"), ShiftedWindowAttention(Heads, 7, Shift = Shift, Name = "attn")]
[Add]
[Branch]
[Branch, LayerNorm(OverChannels = true, Name = "norm2"), Dense(4 * Channels, OverChannels = true, Name = "mlp.0"), GELU,
         Dense(Channels, OverChannels = true, Name = "mlp.3")]
[Add]
public sealed class SwinBlockAttribute : BlockAttribute
{
    private const int Channels = 96, Heads = 3, Shift = 0;

    /// <summary>Sets the parameters.</summary>
    /// <param name="channels">The channels.</param>
    /// <param name="heads">The number of heads, which must divide the channels.</param>
    /// <param name="shift">By how many pixels the windows are shifted.</param>
    public SwinBlockAttribute(int channels, int heads, int shift) { }
}

/// <summary>The four pixels of a square beside one another, as channels; then half as many.</summary>
[Branch, Crop2D(Stride = 2)]
[Branch, Crop2D(Top = 1, Stride = 2)]
[Branch, Crop2D(Left = 1, Stride = 2)]
[Branch, Crop2D(Top = 1, Left = 1, Stride = 2)]
[Concat, LayerNorm(OverChannels = true, Name = "norm"), Dense(Channels, OverChannels = true, Bias = false, Name = "reduction")]
public sealed class SwinPatchMergingAttribute : BlockAttribute
{
    private const int Channels = 192;

    /// <summary>Sets the parameter.</summary>
    /// <param name="channels">Output channels.</param>
    public SwinPatchMergingAttribute(int channels) { }
}
