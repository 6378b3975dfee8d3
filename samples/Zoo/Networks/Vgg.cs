using Strata;

namespace Zoo.Networks;

/// <summary>VGG-11, column A of table 1 (Simonyan and Zisserman 2014).</summary>
[Network, Input(3, 224, 224), Vgg(1, 1, 2, 2, 2, Name = ""), CrossEntropy]
public partial class Vgg11;

/// <summary>VGG-13, column B.</summary>
[Network, Input(3, 224, 224), Vgg(2, 2, 2, 2, 2, Name = ""), CrossEntropy]
public partial class Vgg13;

/// <summary>VGG-16, column D.</summary>
[Network(BFloat16 = true), Input(3, 224, 224), Vgg(2, 2, 3, 3, 3, Name = ""), CrossEntropy]
public partial class Vgg16;

/// <summary>VGG-19, column E.</summary>
[Network, Input(3, 224, 224), Vgg(2, 2, 4, 4, 4, Name = ""), CrossEntropy]
public partial class Vgg19;

/// <summary>Five stages of convolutions, each of which ends in pooling, and three dense layers.</summary>
[Sequential("features")]
[Conv3x3(64, Name = "", Repeat = Stage1), MaxPool2D(2)]
[Conv3x3(128, Name = "", Repeat = Stage2), MaxPool2D(2)]
[Conv3x3(256, Name = "", Repeat = Stage3), MaxPool2D(2)]
[Conv3x3(512, Name = "", Repeat = Stage4), MaxPool2D(2)]
[Conv3x3(512, Name = "", Repeat = Stage5), MaxPool2D(2)]
[Flatten]
[Sequential("classifier")]
[Dense(4096), ReLU, Dropout(0.5)]
[Dense(4096), ReLU, Dropout(0.5)]
[Dense(Classes)]
public sealed class VggAttribute : BlockAttribute
{
    private const int Stage1 = 2, Stage2 = 2, Stage3 = 3, Stage4 = 3, Stage5 = 3, Classes = 1000;

    public VggAttribute(int stage1, int stage2, int stage3, int stage4, int stage5, int classes = Classes)
    {
    }
}

/// <summary>The only kind of convolution in the network.</summary>
[Conv2D(Filters, 3, Padding = 1), ReLU]
public sealed class Conv3x3Attribute : BlockAttribute
{
    private const int Filters = 64;

    public Conv3x3Attribute(int filters)
    {
    }
}
