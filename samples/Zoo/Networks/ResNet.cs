namespace Strata.Zoo;

/// <summary>
/// ResNet-18 (table 1 of He, Zhang, Ren and Sun 2015, Deep residual learning) with torchvision's keys, for 3×224×224. 11,689,512
/// parameters for 1000 classes.
/// </summary>
[BasicResNet(2, 2, 2, 2, Classes, Name = "")]
public sealed class ResNet18Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ResNet18Attribute(int classes = Classes)
    {
    }
}

/// <summary>
/// ResNet-34 (table 1 of He, Zhang, Ren and Sun 2015, Deep residual learning) with torchvision's keys, for 3×224×224. 21,797,672
/// parameters for 1000 classes.
/// </summary>
[BasicResNet(3, 4, 6, 3, Classes, Name = "")]
public sealed class ResNet34Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ResNet34Attribute(int classes = Classes)
    {
    }
}

/// <summary>
/// ResNet-50 (table 1 of He, Zhang, Ren and Sun 2015, Deep residual learning) with torchvision's keys, for 3×224×224. 25,557,032
/// parameters for 1000 classes.
/// </summary>
[BottleneckResNet(3, 4, 6, 3, Classes, Name = "")]
public sealed class ResNet50Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ResNet50Attribute(int classes = Classes)
    {
    }
}

/// <summary>
/// ResNet-101 (table 1 of He, Zhang, Ren and Sun 2015, Deep residual learning) with torchvision's keys, for 3×224×224. 44,549,160
/// parameters for 1000 classes.
/// </summary>
[BottleneckResNet(3, 4, 23, 3, Classes, Name = "")]
public sealed class ResNet101Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ResNet101Attribute(int classes = Classes)
    {
    }
}

/// <summary>
/// ResNet-152 (table 1 of He, Zhang, Ren and Sun 2015, Deep residual learning) with torchvision's keys, for 3×224×224. 60,192,808
/// parameters for 1000 classes.
/// </summary>
[BottleneckResNet(3, 8, 36, 3, Classes, Name = "")]
public sealed class ResNet152Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ResNet152Attribute(int classes = Classes)
    {
    }
}

/// <summary>
/// ResNeXt-50 32×4d (Xie et al. 2017, table 1) with torchvision's keys, for 3×224×224. 25,028,904 parameters for 1000 classes.
/// </summary>
[BottleneckResNet(3, 4, 6, 3, Classes, widen: 2, groups: 32, Name = "")]
public sealed class ResNeXt50Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ResNeXt50Attribute(int classes = Classes) { }
}

/// <summary>
/// Wide ResNet-50-2 (Zagoruyko and Komodakis 2016, table 8) with torchvision's keys, for 3×224×224. 68,883,240 parameters for 1000
/// classes.
/// </summary>
[BottleneckResNet(3, 4, 6, 3, Classes, widen: 2, Name = "")]
public sealed class WideResNet50Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public WideResNet50Attribute(int classes = Classes) { }
}

/// <summary>
/// SE-ResNet-50 (Hu, Shen and Sun 2018, table 1) with the keys of timm's <c>seresnet50</c>, for 3×224×224. 28,088,024 parameters for 1000
/// classes.
/// </summary>
[BottleneckResNet(3, 4, 6, 3, Classes, squeeze: true, Name = "")]
public sealed class SEResNet50Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public SEResNet50Attribute(int classes = Classes) { }
}

/// <summary>
/// ResNet-18 with a CBAM in each block (Woo, Park, Lee and Kweon 2018, figure 3) and the keys of the authors' code, for 3×224×224.
/// 11,779,392 parameters for 1000 classes.
/// </summary>
[BasicResNet(2, 2, 2, 2, Classes, attention: true, Name = "")]
public sealed class CbamResNet18Attribute : BlockAttribute
{
    private const int Classes = 1000;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public CbamResNet18Attribute(int classes = Classes) { }
}

/// <summary>What stands before the residual blocks of an ImageNet network.</summary>
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2, Padding = 1)]
public sealed class ResNetStemAttribute : BlockAttribute;

/// <summary>Four stages of basic blocks.</summary>
[ResNetStem(Name = "")]
[BasicStage(64, Conv2, attention: Attention, Name = "layer1")]
[BasicStage(128, Conv3, stride: 2, attention: Attention, Name = "layer2")]
[BasicStage(256, Conv4, stride: 2, attention: Attention, Name = "layer3")]
[BasicStage(512, Conv5, stride: 2, attention: Attention, Name = "layer4")]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(Classes, Name = "fc")]
public sealed class BasicResNetAttribute : BlockAttribute
{
    private const int Conv2 = 2, Conv3 = 2, Conv4 = 2, Conv5 = 2, Classes = 1000;
    private const bool Attention = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="conv2">Blocks of the first stage, at least 1.</param>
    /// <param name="conv3">Blocks of the second stage, at least 1.</param>
    /// <param name="conv4">Blocks of the third stage, at least 1.</param>
    /// <param name="conv5">Blocks of the fourth stage, at least 1.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="attention">Whether each block has a CBAM.</param>
    public BasicResNetAttribute(int conv2, int conv3, int conv4, int conv5, int classes = Classes, bool attention = Attention)
    {
    }
}

/// <summary>Four stages of bottlenecks, and a classifier.</summary>
[BottleneckStages(Conv2, Conv3, Conv4, Conv5, widen: Widen, groups: Groups, squeeze: Squeeze, Name = "")]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(Classes, Name = "fc")]
public sealed class BottleneckResNetAttribute : BlockAttribute
{
    private const int Conv2 = 3, Conv3 = 4, Conv4 = 6, Conv5 = 3, Classes = 1000, Widen = 1, Groups = 1;
    private const bool Squeeze = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="conv2">Blocks of the first stage, at least 1.</param>
    /// <param name="conv3">Blocks of the second stage, at least 1.</param>
    /// <param name="conv4">Blocks of the third stage, at least 1.</param>
    /// <param name="conv5">Blocks of the fourth stage, at least 1.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="widen">How many times the filters the 3×3 convolutions have, at least 1.</param>
    /// <param name="groups">Groups of the 3×3 convolutions, which divide their channels.</param>
    /// <param name="squeeze">Whether each block has squeeze-and-excite.</param>
    public BottleneckResNetAttribute(
        int conv2, int conv3, int conv4, int conv5, int classes = Classes, int widen = Widen, int groups = Groups, bool squeeze = Squeeze)
    {
    }
}

/// <summary>
/// Four stages of bottlenecks. If they are dilated, the last two are as large as the second, and the taps of their 3×3 convolutions are
/// apart, as in segmentation (Chen, Papandreou, Schroff and Adam 2017, figure 3).
/// </summary>
[ResNetStem(Name = "")]
[BottleneckStage(64, Conv2, widen: Widen, groups: Groups, squeeze: Squeeze, Name = "layer1")]
[BottleneckStage(128, Conv3, stride: 2, widen: Widen, groups: Groups, squeeze: Squeeze, Name = "layer2")]
[BottleneckStage(256, Conv4, stride: Last, widen: Widen, groups: Groups, dilation: Dilated ? 2 : 1, squeeze: Squeeze, Name = "layer3")]
[BottleneckStage(512, Conv5, stride: Last, widen: Widen, groups: Groups, dilation: Dilated ? 4 : 1, squeeze: Squeeze, Name = "layer4")]
public sealed class BottleneckStagesAttribute : BlockAttribute
{
    private const int Conv2 = 3, Conv3 = 4, Conv4 = 6, Conv5 = 3, Widen = 1, Groups = 1, Last = Dilated ? 1 : 2;
    private const bool Squeeze = false, Dilated = false;

    /// <summary>Sets the parameters.</summary>
    /// <param name="conv2">Blocks of the first stage, at least 1.</param>
    /// <param name="conv3">Blocks of the second stage, at least 1.</param>
    /// <param name="conv4">Blocks of the third stage, at least 1.</param>
    /// <param name="conv5">Blocks of the fourth stage, at least 1.</param>
    /// <param name="widen">How many times the filters the 3×3 convolutions have, at least 1.</param>
    /// <param name="groups">Groups of the 3×3 convolutions, which divide their channels.</param>
    /// <param name="squeeze">Whether each block has squeeze-and-excite.</param>
    /// <param name="dilated">Whether the last two stages have a dilation in place of a stride.</param>
    public BottleneckStagesAttribute(
        int conv2, int conv3, int conv4, int conv5, int widen = Widen, int groups = Groups, bool squeeze = Squeeze,
        bool dilated = Dilated)
    {
    }
}
