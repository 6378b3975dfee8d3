using Strata;

namespace Zoo.Networks;

/// <summary>ResNet-18: table 1 of He, Zhang, Ren and Sun 2015.</summary>
[Network, Input(3, 224, 224), BasicResNet(2, 2, 2, 2, Name = ""), CrossEntropy]
public partial class ResNet18;

/// <summary>ResNet-34.</summary>
[Network, Input(3, 224, 224), BasicResNet(3, 4, 6, 3, Name = ""), CrossEntropy]
public partial class ResNet34;

/// <summary>ResNet-50.</summary>
[Network, Input(3, 224, 224), BottleneckResNet(3, 4, 6, 3, Name = ""), CrossEntropy]
public partial class ResNet50;

/// <summary>ResNet-101.</summary>
[Network, Input(3, 224, 224), BottleneckResNet(3, 4, 23, 3, Name = ""), CrossEntropy]
public partial class ResNet101;

/// <summary>ResNet-152.</summary>
[Network, Input(3, 224, 224), BottleneckResNet(3, 8, 36, 3, Name = ""), CrossEntropy]
public partial class ResNet152;

/// <summary>What stands before the residual blocks of an ImageNet network.</summary>
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2, Padding = 1)]
public sealed class ResNetStemAttribute : BlockAttribute;

/// <summary>Four stages of basic blocks.</summary>
[ResNetStem(Name = "")]
[BasicStage(64, Conv2, Name = "layer1")]
[BasicStage(128, Conv3, stride: 2, Name = "layer2")]
[BasicStage(256, Conv4, stride: 2, Name = "layer3")]
[BasicStage(512, Conv5, stride: 2, Name = "layer4")]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(Classes, Name = "fc")]
public sealed class BasicResNetAttribute : BlockAttribute
{
    private const int Conv2 = 2, Conv3 = 2, Conv4 = 2, Conv5 = 2, Classes = 1000;

    public BasicResNetAttribute(int conv2, int conv3, int conv4, int conv5, int classes = Classes)
    {
    }
}

/// <summary>Four stages of bottlenecks.</summary>
[ResNetStem(Name = "")]
[BottleneckStage(64, Conv2, Name = "layer1")]
[BottleneckStage(128, Conv3, stride: 2, Name = "layer2")]
[BottleneckStage(256, Conv4, stride: 2, Name = "layer3")]
[BottleneckStage(512, Conv5, stride: 2, Name = "layer4")]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(Classes, Name = "fc")]
public sealed class BottleneckResNetAttribute : BlockAttribute
{
    private const int Conv2 = 3, Conv3 = 4, Conv4 = 6, Conv5 = 3, Classes = 1000;

    public BottleneckResNetAttribute(int conv2, int conv3, int conv4, int conv5, int classes = Classes)
    {
    }
}
