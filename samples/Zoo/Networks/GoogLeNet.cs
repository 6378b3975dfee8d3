namespace Strata.Zoo;

/// <summary>
/// GoogLeNet (Szegedy et al. 2014, Going deeper with convolutions) with batch norm and torchvision's keys, for 3×224×224. Its heads are
/// <c>fc</c> and, for losses in training, <c>aux1</c> and <c>aux2</c>. 13,004,888 parameters for 1000 classes.
/// </summary>
[ConvUnit(64, 7, stride: 2, Name = "conv1"), MaxPool2D(3, Stride = 2, CeilMode = true)]
[ConvUnit(64, 1, Name = "conv2"), ConvUnit(192, 3, Name = "conv3"), MaxPool2D(3, Stride = 2, CeilMode = true)]
[Inception(64, 96, 128, 16, 32, 32, Name = "inception3a")]
[Inception(128, 128, 192, 32, 96, 64, Name = "inception3b"), MaxPool2D(3, Stride = 2, CeilMode = true)]
[Inception(192, 96, 208, 16, 48, 64, Name = "inception4a")]
[Inception(160, 112, 224, 24, 64, 64, Name = "inception4b")]
[Inception(128, 128, 256, 24, 64, 64, Name = "inception4c")]
[Inception(112, 144, 288, 32, 64, 64, Name = "inception4d")]
[Inception(256, 160, 320, 32, 128, 128, Name = "inception4e"), MaxPool2D(2, Stride = 2, CeilMode = true)]
[Inception(256, 160, 320, 32, 128, 128, Name = "inception5a")]
[Inception(384, 192, 384, 48, 128, 128, Name = "inception5b")]
[AdaptiveAveragePool2D(1), Flatten, Dropout(Dropout)]
[Dense(Classes, Name = "fc")]
[Auxiliary(Classes, Name = "aux1", From = "inception4a")]
[Auxiliary(Classes, Name = "aux2", From = "inception4d")]
public sealed class GoogLeNetAttribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.2;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public GoogLeNetAttribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>The module of the paper's figure 2(b): four branches side by side.</summary>
[Branch, ConvUnit(Point, 1, Name = "branch1")]
[Branch, Sequential("branch2"), ConvUnit(Reduce3, 1), ConvUnit(Conv3, 3)]
[Branch, Sequential("branch3"), ConvUnit(Reduce5, 1), ConvUnit(Conv5, 3)]
[Branch, Sequential("branch4"), MaxPool2D(3, Stride = 1, Padding = 1), ConvUnit(Pool, 1)]
[Concat]
public sealed class InceptionAttribute : BlockAttribute
{
    private const int Point = 64, Reduce3 = 96, Conv3 = 128, Reduce5 = 16, Conv5 = 32, Pool = 32;

    /// <summary>Sets the parameters.</summary>
    /// <param name="point">Channels of the 1×1 branch, at least 1.</param>
    /// <param name="reduce3">Channels before the 3×3 convolution, at least 1.</param>
    /// <param name="conv3">Channels of the 3×3 convolution, at least 1.</param>
    /// <param name="reduce5">Channels before what the paper calls 5×5, at least 1.</param>
    /// <param name="conv5">Channels of what the paper calls 5×5, at least 1.</param>
    /// <param name="pool">Channels of the branch with pooling, at least 1.</param>
    public InceptionAttribute(int point, int reduce3, int conv3, int reduce5, int conv5, int pool)
    {
    }
}

/// <summary>A head in the middle, whose gradient reaches the layers below it.</summary>
[AdaptiveAveragePool2D(4), ConvUnit(128, 1, Name = "conv"), Flatten]
[Dense(1024, Name = "fc1"), ReLU, Dropout(0.7)]
[Dense(Classes, Name = "fc2")]
public sealed class AuxiliaryAttribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public AuxiliaryAttribute(int classes)
    {
    }
}
