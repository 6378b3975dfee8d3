namespace Strata.Zoo;

/// <summary>
/// FCN with a ResNet-50 (Long, Shelhamer and Darrell 2015) and torchvision's keys, for 3×H×W, multiples of 8: a score of each class at
/// each pixel. 32,957,013 parameters for 21 classes. torchvision's pretrained file has an auxiliary head for training, too.
/// </summary>
[BottleneckStages(3, 4, 6, 3, dilated: true, Name = "backbone")]
[Sequential("classifier"), Conv2D(512, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Dropout(Dropout), Conv2D(Classes, 1)]
[Upsample2D(8, Mode = UpsampleMode.Bilinear, Name = "upsample")]
public sealed class FcnResNet50Attribute : BlockAttribute
{
    private const int Classes = 21;
    private const double Dropout = 0.1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before the last convolution, at least 0 and less than 1.</param>
    public FcnResNet50Attribute(int classes = Classes, double dropout = Dropout) { }
}

/// <summary>
/// DeepLabV3 with MobileNetV3-Large (Chen, Papandreou, Schroff and Adam 2017; Howard et al. 2019) and torchvision's keys, for 3×224×224
/// or other multiples of 16: a score of each class at each pixel. 11,025,477 parameters for 21 classes.
/// </summary>
[BodyV3(dilation: 2, Name = "backbone")]
[Sequential("classifier"), AtrousPyramid(Height / 16, Width / 16, dropout: Dropout)]
[Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(Classes, 1)]
[Upsample2D(16, Mode = UpsampleMode.Bilinear, Name = "upsample")]
public sealed class DeepLabV3MobileNetV3LargeAttribute : BlockAttribute
{
    private const int Classes = 21, Height = 224, Width = 224;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="height">Height of the input, a multiple of 16.</param>
    /// <param name="width">Width of the input, a multiple of 16.</param>
    /// <param name="dropout">Rate of dropout behind the pyramid, at least 0 and less than 1.</param>
    public DeepLabV3MobileNetV3LargeAttribute(int classes = Classes, int height = Height, int width = Width, double dropout = Dropout) { }
}

/// <summary>
/// LR-ASPP with MobileNetV3-Large (Howard et al. 2019, figure 10) and torchvision's keys, for 3×H×W, multiples of 16: a score of each
/// class at each pixel. 3,221,538 parameters for 21 classes.
/// </summary>
[BodyV3(dilation: 2, Name = "backbone")]
[Branch, ConvNorm(128, 1, Name = "classifier.cbr"), ReLU]
[Branch, GlobalAveragePool2D, Conv2D(128, 1, Bias = false, Name = "classifier.scale.1"), Sigmoid]
[Multiply, Upsample2D(2, Mode = UpsampleMode.Bilinear), Conv2D(Classes, 1, Name = "classifier.high_classifier")]
[Conv2D(Classes, 1, Name = "classifier.low_classifier", From = "backbone.4")]
[Add("classifier.low_classifier", "classifier.high_classifier"), Upsample2D(8, Mode = UpsampleMode.Bilinear)]
public sealed class LrasppMobileNetV3LargeAttribute : BlockAttribute
{
    private const int Classes = 21;

    /// <summary>Sets the parameter.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public LrasppMobileNetV3LargeAttribute(int classes = Classes) { }
}

/// <summary>
/// Atrous spatial pyramid pooling: a 1×1 convolution, 3×3 convolutions whose taps are 12, 24 and 36 pixels apart, and at each pixel the
/// means of the whole image (Chen et al. 2017, figure 5).
/// </summary>
[Branch, ConvNorm(256, 1, Name = "convs.0"), ReLU]
[Branch, ConvNorm(256, 3, dilation: 12, Name = "convs.1"), ReLU]
[Branch, ConvNorm(256, 3, dilation: 24, Name = "convs.2"), ReLU]
[Branch, ConvNorm(256, 3, dilation: 36, Name = "convs.3"), ReLU]
[Branch, GlobalAveragePool2D, Conv2D(256, 1, Bias = false, Name = "convs.4.1"), BatchNorm(Name = "convs.4.2"), ReLU,
         Upsample2D(Height = Height, Width = Width)]
[Concat, ConvNorm(256, 1, Name = "project"), ReLU, Dropout(Dropout)]
public sealed class AtrousPyramidAttribute : BlockAttribute
{
    private const int Height = 14, Width = 14;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="height">Height of the input.</param>
    /// <param name="width">Width of the input.</param>
    /// <param name="dropout">Rate of dropout at the end, at least 0 and less than 1.</param>
    public AtrousPyramidAttribute(int height, int width, double dropout = Dropout) { }
}
