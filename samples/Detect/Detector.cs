using Strata;

namespace Samples.Detect;

/// <summary>
/// Marks the middle of each shape (Zhou et al., Objects as Points, 2019). Of each cell of 8×8 pixels it says, for each kind, whether a
/// shape has its middle there, how large the shape is, and where in the cell the middle is.
/// </summary>
[Network, Input(3, Size, Size)]
[ConvUnit(16, stride: 2), ConvUnit(32, stride: 2), ConvUnit(48, stride: 2)]
[ConvUnit(48), ConvUnit(48), ConvUnit(48, Name = "body")]    // the cell sees 63 pixels around it: more than the largest shape
[Conv2D(3, 1, Name = "logits", From = "body"), Sigmoid(Name = "heat")]
[Conv2D(2, 1, Name = "sizes", From = "body")]
[Conv2D(2, 1, Name = "offsets", From = "body")]
[Output("heat", From = "heat"), Output("sizes", From = "sizes"), Output("offsets", From = "offsets")]
[Focal(From = "logits", Target = "heat", Weight = Cells)]    // each loss is a mean over all cells, most of which are empty
[ExtentError(From = "sizes", Target = "sizes", Weight = 20)]
[ExtentError(From = "offsets", Target = "offsets", Weight = 30)]
public partial class Detector
{
    public const int Size = 96, Stride = 8, Grid = Size / Stride, Cells = Grid * Grid;
}

/// <summary>A convolution, batch norm and rectifier.</summary>
[Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = false), BatchNorm, ReLU]
public sealed class ConvUnitAttribute : BlockAttribute
{
    private const int Filters = 16, Stride = 1;

    public ConvUnitAttribute(int filters, int stride = Stride) { }
}

/// <summary>
/// The focal loss of Law and Deng (CornerNet, 2018), on logits. The target is 1 in the middle of a shape and falls around it: near the
/// middle a mistake costs little. What is easy costs next to nothing, so that the many empty cells do not drown the few full ones.
/// </summary>
public sealed class FocalAttribute : ElementwiseLossAttribute
{
    public static float Value(float output, float target)
    {
        float p = Functions.Sigmoid(output);
        float near = 1 - target;
        return target >= 1
            ? -(1 - p) * (1 - p) * Functions.LogSigmoid(output)
            : -near * near * near * near * p * p * Functions.LogSigmoid(-output);
    }
}

/// <summary>The absolute error of a size or a place, where there is a shape. A target below 0 says that there is none.</summary>
public sealed class ExtentErrorAttribute : ElementwiseLossAttribute
{
    public static float Value(float output, float target) => target < 0 ? 0 : MathF.Abs(output - target);
}
