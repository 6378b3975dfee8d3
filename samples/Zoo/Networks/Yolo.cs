namespace Strata.Zoo;

/// <summary>
/// A small one-stage detector (Redmon and Farhadi 2016, 2018) for 3×128×128. Its heads are <c>box</c>, <c>object</c> and <c>class</c>:
/// each of 8×8 cells predicts two boxes, whether each holds an object, and the class. 400,814 parameters for 20 classes.
/// </summary>
[ConvLeaky(16, Name = "conv1"), MaxPool2D(2)]
[ConvLeaky(32, Name = "conv2"), MaxPool2D(2)]
[ConvLeaky(64, Name = "conv3"), MaxPool2D(2)]
[ConvLeaky(128, Name = "conv4"), MaxPool2D(2)]
[ConvLeaky(256, Name = "conv5")]
[Conv2D(2 * 4, 1, Name = "boxes", From = "conv5"), Sigmoid(Name = "box")]
[Conv2D(2, 1, Name = "objects", From = "conv5"), Sigmoid(Name = "object")]
[Conv2D(Classes, 1, Name = "classes", From = "conv5"), Sigmoid(Name = "class")]
public sealed class YoloAttribute : BlockAttribute
{
    private const int Classes = 20;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public YoloAttribute(int classes = Classes)
    {
    }
}

/// <summary>Convolution, batch norm, leaky rectifier.</summary>
[Conv2D(Filters, 3, Padding = 1, Bias = false, Name = "conv"), BatchNorm(Name = "bn"), LeakyReLU(0.1)]
public sealed class ConvLeakyAttribute : BlockAttribute
{
    private const int Filters = 16;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    public ConvLeakyAttribute(int filters)
    {
    }
}
