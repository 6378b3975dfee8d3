using Strata;

namespace Zoo.Networks;

/// <summary>
/// A small one-stage detector (Redmon and Farhadi 2016, 2018). Each of 8×8 cells predicts two boxes, whether each box holds an object, and
/// which of 20 classes the object has. A sample's target is the boxes, then 0 or 1 for each box, then 0 or 1 for each class.
/// </summary>
[Network, Input(3, 128, 128), Yolo(Name = "")]
[Output("boxes", From = "box"), Output("objects", From = "object"), Output("classes", From = "class")]
[MeanSquaredError(From = "box", Target = "boxes", Weight = 5)]
[BinaryCrossEntropy(From = "object", Target = "objects")]
[BinaryCrossEntropy(From = "class", Target = "classes")]
public partial class Yolo;

/// <summary>Five convolutions, and three heads.</summary>
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

    public YoloAttribute(int classes = Classes)
    {
    }
}

/// <summary>Convolution, batch norm, leaky rectifier.</summary>
[Conv2D(Filters, 3, Padding = 1, Bias = false, Name = "conv"), BatchNorm(Name = "bn"), LeakyReLU(0.1)]
public sealed class ConvLeakyAttribute : BlockAttribute
{
    private const int Filters = 16;

    public ConvLeakyAttribute(int filters)
    {
    }
}
