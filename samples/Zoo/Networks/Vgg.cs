namespace Strata.Zoo;

/// <summary>
/// VGG-11 (Simonyan and Zisserman 2014, Very deep convolutional networks, column A of table 1) with torchvision's keys, for 3×224×224.
/// 132,863,336 parameters for 1000 classes.
/// </summary>
[Vgg(1, 1, 2, 2, 2, Classes, Dropout, Name = "")]
public sealed class Vgg11Attribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public Vgg11Attribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>
/// VGG-13 (Simonyan and Zisserman 2014, Very deep convolutional networks, column B of table 1) with torchvision's keys, for 3×224×224.
/// 133,047,848 parameters for 1000 classes.
/// </summary>
[Vgg(2, 2, 2, 2, 2, Classes, Dropout, Name = "")]
public sealed class Vgg13Attribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public Vgg13Attribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>
/// VGG-16 (Simonyan and Zisserman 2014, Very deep convolutional networks, column D of table 1) with torchvision's keys, for 3×224×224.
/// 138,357,544 parameters for 1000 classes.
/// </summary>
[Vgg(2, 2, 3, 3, 3, Classes, Dropout, Name = "")]
public sealed class Vgg16Attribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public Vgg16Attribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>
/// VGG-19 (Simonyan and Zisserman 2014, Very deep convolutional networks, column E of table 1) with torchvision's keys, for 3×224×224.
/// 143,667,240 parameters for 1000 classes.
/// </summary>
[Vgg(2, 2, 4, 4, 4, Classes, Dropout, Name = "")]
public sealed class Vgg19Attribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public Vgg19Attribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>Five stages of convolutions, each of which ends in pooling, and three dense layers.</summary>
[Sequential("features")]
[Conv3x3(64, Name = "", Repeat = Stage1), MaxPool2D(2)]
[Conv3x3(128, Name = "", Repeat = Stage2), MaxPool2D(2)]
[Conv3x3(256, Name = "", Repeat = Stage3), MaxPool2D(2)]
[Conv3x3(512, Name = "", Repeat = Stage4), MaxPool2D(2)]
[Conv3x3(512, Name = "", Repeat = Stage5), MaxPool2D(2)]
[Flatten]
[Sequential("classifier")]
[Dense(4096), ReLU, Dropout(Dropout)]
[Dense(4096), ReLU, Dropout(Dropout)]
[Dense(Classes)]
public sealed class VggAttribute : BlockAttribute
{
    private const int Stage1 = 2, Stage2 = 2, Stage3 = 3, Stage4 = 3, Stage5 = 3, Classes = 1000;
    private const double Dropout = 0.5;

    /// <summary>Sets the parameters.</summary>
    /// <param name="stage1">Convolutions of the first stage, at least 1.</param>
    /// <param name="stage2">Convolutions of the second stage, at least 1.</param>
    /// <param name="stage3">Convolutions of the third stage, at least 1.</param>
    /// <param name="stage4">Convolutions of the fourth stage, at least 1.</param>
    /// <param name="stage5">Convolutions of the fifth stage, at least 1.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public VggAttribute(int stage1, int stage2, int stage3, int stage4, int stage5, int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>The only kind of convolution in the network.</summary>
[Conv2D(Filters, 3, Padding = 1), ReLU]
public sealed class Conv3x3Attribute : BlockAttribute
{
    private const int Filters = 64;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    public Conv3x3Attribute(int filters)
    {
    }
}
