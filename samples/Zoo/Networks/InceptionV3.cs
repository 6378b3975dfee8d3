namespace Strata.Zoo;

/// <summary>
/// Inception-v3 (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2015, Rethinking the inception architecture) with torchvision's keys, for
/// 3×299×299. Its heads are <c>fc</c> and, for a loss in training, <c>AuxLogits</c>. 27,161,264 parameters for 1000 classes.
/// </summary>
[ConvUnit(32, 3, stride: 2, valid: true, Name = "Conv2d_1a_3x3")]
[ConvUnit(32, 3, valid: true, Name = "Conv2d_2a_3x3")]
[ConvUnit(64, 3, Name = "Conv2d_2b_3x3"), MaxPool2D(3, Stride = 2)]
[ConvUnit(80, 1, Name = "Conv2d_3b_1x1")]
[ConvUnit(192, 3, valid: true, Name = "Conv2d_4a_3x3"), MaxPool2D(3, Stride = 2)]
[Factor5(32, Name = "Mixed_5b"), Factor5(64, Name = "Mixed_5c"), Factor5(64, Name = "Mixed_5d")]
[Reduce3(Name = "Mixed_6a")]
[Factor7(128, Name = "Mixed_6b"), Factor7(160, Name = "Mixed_6c"), Factor7(160, Name = "Mixed_6d"), Factor7(192, Name = "Mixed_6e")]
[Reduce7(Name = "Mixed_7a")]
[Expand(Name = "Mixed_7b"), Expand(Name = "Mixed_7c")]
[AdaptiveAveragePool2D(1), Dropout(Dropout), Flatten]
[Dense(Classes, Name = "fc")]
[AuxiliaryV3(Classes, Name = "AuxLogits", From = "Mixed_6e")]
public sealed class InceptionV3Attribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public InceptionV3Attribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>The module of the paper's figure 5: a 5×5 convolution beside two of 3×3.</summary>
[Branch, ConvUnit(64, 1, Name = "branch1x1")]
[Branch, ConvUnit(48, 1, Name = "branch5x5_1"), ConvUnit(64, 5, Name = "branch5x5_2")]
[Branch, ConvUnit(64, 1, Name = "branch3x3dbl_1"), ConvUnit(96, 3, Name = "branch3x3dbl_2"), ConvUnit(96, 3, Name = "branch3x3dbl_3")]
[Branch, AveragePool2D(3, Stride = 1, Padding = 1), ConvUnit(Pool, 1, Name = "branch_pool")]
[Concat]
public sealed class Factor5Attribute : BlockAttribute
{
    private const int Pool = 64;

    /// <summary>Sets the parameters.</summary>
    /// <param name="pool">Channels of the branch with pooling, at least 1.</param>
    public Factor5Attribute(int pool)
    {
    }
}

/// <summary>The module of the paper's figure 10: halves the extents by convolutions and by pooling.</summary>
[Branch, ConvUnit(384, 3, stride: 2, valid: true, Name = "branch3x3")]
[Branch, ConvUnit(64, 1, Name = "branch3x3dbl_1"), ConvUnit(96, 3, Name = "branch3x3dbl_2"),
         ConvUnit(96, 3, stride: 2, valid: true, Name = "branch3x3dbl_3")]
[Branch, MaxPool2D(3, Stride = 2)]
[Concat]
public sealed class Reduce3Attribute : BlockAttribute;

/// <summary>The module of the paper's figure 6: 7×7 convolutions as rows and columns.</summary>
[Branch, ConvUnit(192, 1, Name = "branch1x1")]
[Branch, ConvUnit(Filters, 1, Name = "branch7x7_1"), ConvUnit(Filters, 1, 7, Name = "branch7x7_2"),
         ConvUnit(192, 7, 1, Name = "branch7x7_3")]
[Branch, ConvUnit(Filters, 1, Name = "branch7x7dbl_1"), ConvUnit(Filters, 7, 1, Name = "branch7x7dbl_2"),
         ConvUnit(Filters, 1, 7, Name = "branch7x7dbl_3"), ConvUnit(Filters, 7, 1, Name = "branch7x7dbl_4"),
         ConvUnit(192, 1, 7, Name = "branch7x7dbl_5")]
[Branch, AveragePool2D(3, Stride = 1, Padding = 1), ConvUnit(192, 1, Name = "branch_pool")]
[Concat]
public sealed class Factor7Attribute : BlockAttribute
{
    private const int Filters = 128;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Channels between the rows and columns, at least 1.</param>
    public Factor7Attribute(int filters)
    {
    }
}

/// <summary>Halves the extents once more.</summary>
[Branch, ConvUnit(192, 1, Name = "branch3x3_1"), ConvUnit(320, 3, stride: 2, valid: true, Name = "branch3x3_2")]
[Branch, ConvUnit(192, 1, Name = "branch7x7x3_1"), ConvUnit(192, 1, 7, Name = "branch7x7x3_2"), ConvUnit(192, 7, 1, Name = "branch7x7x3_3"),
         ConvUnit(192, 3, stride: 2, valid: true, Name = "branch7x7x3_4")]
[Branch, MaxPool2D(3, Stride = 2)]
[Concat]
public sealed class Reduce7Attribute : BlockAttribute;

/// <summary>The module of the paper's figure 7: rows and columns side by side.</summary>
[ConvUnit(320, 1, Name = "branch1x1")]
[ConvUnit(384, 1, Name = "branch3x3_1", From = "input")]
[ConvUnit(384, 1, 3, Name = "branch3x3_2a")]
[ConvUnit(384, 3, 1, Name = "branch3x3_2b", From = "branch3x3_1")]
[ConvUnit(448, 1, Name = "branch3x3dbl_1", From = "input"), ConvUnit(384, 3, Name = "branch3x3dbl_2")]
[ConvUnit(384, 1, 3, Name = "branch3x3dbl_3a")]
[ConvUnit(384, 3, 1, Name = "branch3x3dbl_3b", From = "branch3x3dbl_2")]
[AveragePool2D(3, Stride = 1, Padding = 1, From = "input"), ConvUnit(192, 1, Name = "branch_pool")]
[Concat("branch1x1", "branch3x3_2a", "branch3x3_2b", "branch3x3dbl_3a", "branch3x3dbl_3b", "branch_pool")]
public sealed class ExpandAttribute : BlockAttribute;

/// <summary>The auxiliary head (the paper's figure 8).</summary>
[AveragePool2D(5, Stride = 3), ConvUnit(128, 1, Name = "conv0"), ConvUnit(768, 5, valid: true, Name = "conv1")]
[AdaptiveAveragePool2D(1), Flatten, Dense(Classes, Name = "fc")]
public sealed class AuxiliaryV3Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public AuxiliaryV3Attribute(int classes)
    {
    }
}
