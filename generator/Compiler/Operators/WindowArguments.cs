using System.Linq;

namespace Strata.Compiler.Operators;

/// <summary>The arguments of a window for one axis.</summary>
/// <param name="Axis">The axis and its names.</param>
/// <param name="Stride">The stride. For pooling, the default is the kernel's extent.</param>
/// <param name="Before">The padding before the input.</param>
/// <param name="After">The padding behind the input.</param>
internal sealed record WindowAxisArguments(
    LayerAxis Axis, Argument<int> Kernel, Argument<int> Stride, Argument<int> Dilation, Argument<int> Before, Argument<int> After)
{
    /// <param name="pooling">Whether it is a pooling: then the default stride is the kernel's extent.</param>
    public static WindowAxisArguments Bind(AttributeArguments arguments, LayerAxis axis, bool pooling)
    {
        Argument<int> Padding(string side) => arguments.FirstInt(0, "Padding" + side, "Padding" + axis.Suffix, "Padding");
        Argument<int> kernel = arguments.FirstInt(0, "Kernel" + axis.Suffix, "kernel");
        Argument<int> stride = arguments.FirstInt(1, "Stride" + axis.Suffix, "Stride");
        return new WindowAxisArguments(
            axis, kernel, pooling && !stride.IsSet ? kernel : stride,
            arguments.FirstInt(1, "Dilation" + axis.Suffix, "Dilation"),
            Padding(axis.Before), Padding(axis.After));
    }
}

/// <summary>The arguments of a window over one, two or three axes.</summary>
/// <param name="Axes">The arguments of each axis, slowest first.</param>
/// <param name="Padding">The first padding argument that is written, for its name; null if there is none.</param>
internal sealed record WindowArguments(
    EquatableArray<WindowAxisArguments> Axes, Argument<AutoPad> AutoPad, Argument<bool> CeilMode, Argument<int>? Padding)
{
    private static readonly string[] PaddingNames =
    [
        "Padding", "PaddingDepth", "PaddingHeight", "PaddingWidth", "PaddingFront", "PaddingBack", "PaddingTop", "PaddingBottom",
        "PaddingLeft", "PaddingRight",
    ];

    public static WindowArguments Bind(AttributeArguments arguments, int dimensions, bool pooling) => new(
        LayerAxis.Of(dimensions).Select(axis => WindowAxisArguments.Bind(arguments, axis, pooling)).ToEquatableArray(),
        arguments.Enum<AutoPad>("AutoPad"),
        arguments.Bool("CeilMode", false),
        arguments.Written(PaddingNames).Select(name => (Argument<int>?)new Argument<int>(0, name)).FirstOrDefault());

    /// <summary>A window with the same numbers along all axes.</summary>
    public static WindowArguments Of(int dimensions, int kernel, int stride = 1, int padding = 0, int dilation = 1) => new(
        LayerAxis.Of(dimensions).Select(axis => new WindowAxisArguments(axis, kernel, stride, dilation, padding, padding))
            .ToEquatableArray(),
        Operators.AutoPad.None, new Argument<bool>(false, IsSet: false), null);
}
