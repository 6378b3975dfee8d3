using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Operators;

/// <summary>The arguments of a window for one axis.</summary>
/// <param name="Axis">The axis and its names.</param>
/// <param name="Stride">The stride. For pooling, the default is the kernel's extent.</param>
/// <param name="Before">The padding before the input.</param>
/// <param name="After">The padding behind the input.</param>
internal sealed record WindowAxisArguments(
    LayerAxis Axis, Argument<int> Kernel, Argument<int> Stride, Argument<int> Dilation, Argument<int> Before, Argument<int> After);

/// <summary>The arguments of a window over one, two or three axes.</summary>
/// <param name="Axes">The arguments of each axis, slowest first.</param>
/// <param name="Padding">The first padding argument that is written, for its name; null if there is none.</param>
internal sealed record WindowArguments(
    EquatableArray<WindowAxisArguments> Axes, Argument<AutoPad> AutoPad, Argument<bool> CeilMode, Argument<int>? Padding)
{
    private static readonly AxisArguments
        Kernels = new(new ArgumentSpec<int>("kernel", ArgumentForm.Required, 0), DescribedPartKind.Kernel, "Kernel"),
        Paddings = new(new ArgumentSpec<int>("Padding", ArgumentForm.Property, 0), DescribedPartKind.Padding, "Padding", "Padding"),
        Dilations = new(new ArgumentSpec<int>("Dilation", ArgumentForm.Property, 1), DescribedPartKind.Dilation, "Dilation");

    /// <summary>The description has it where it is written: the padding that it stands for may differ at another size.</summary>
    private static readonly ArgumentSpec<AutoPad> AutoPads =
        new("AutoPad", ArgumentForm.Property, Operators.AutoPad.None) { HasDefault = false };

    private static readonly ArgumentSpec<bool> CeilModes = new("CeilMode", ArgumentForm.Property, false);

    /// <summary>The arguments of a convolution's window, whose stride is 1 by default.</summary>
    public static IArgumentSource<WindowArguments> OfConvolution(int dimensions) => GroupOf(dimensions, isPooling: false, isDilated: true);

    /// <summary>The arguments of a pooling's window, whose stride is by default the kernel's extent: the attribute's 0.</summary>
    public static IArgumentSource<WindowArguments> OfPooling(int dimensions, bool isDilated = false) =>
        GroupOf(dimensions, isPooling: true, isDilated);

    private static ArgumentGroup<WindowArguments> GroupOf(int dimensions, bool isPooling, bool isDilated)
    {
        IReadOnlyList<LayerAxis> axes = LayerAxis.Of(dimensions);
        var strides = new AxisArguments(
            new ArgumentSpec<int>("Stride", ArgumentForm.Property, isPooling ? 0 : 1), DescribedPartKind.Stride, "Stride");
        ArgumentSpec[] paddings = [.. Paddings.Specs(dimensions)];
        IEnumerable<ArgumentSpec> specs =
        [
            .. Kernels.Specs(dimensions), .. strides.Specs(dimensions), .. paddings,
            .. isDilated ? Dilations.Specs(dimensions) : [], AutoPads, .. isPooling ? CeilModes.Specs : [],
        ];
        return new ArgumentGroup<WindowArguments>(specs, written => new WindowArguments(
            axes.Select(axis => OfAxis(written, axis)).ToEquatableArray(),
            written.Read(AutoPads),
            isPooling ? written.Read(CeilModes) : new Argument<bool>(false, IsSet: false),
            paddings.Where(padding => written.IsSet(padding.Name)).Select(padding => (Argument<int>?)new Argument<int>(0, padding.Name))
                .FirstOrDefault()));

        WindowAxisArguments OfAxis(AttributeArguments written, LayerAxis axis)
        {
            Argument<int> kernel = Kernels.Read(written, axis), stride = strides.Read(written, axis);
            return new WindowAxisArguments(
                axis, kernel, isPooling && !stride.IsSet ? kernel : stride,
                isDilated ? Dilations.Read(written, axis) : new Argument<int>(1, IsSet: false),
                Paddings.ReadBefore(written, axis), Paddings.ReadAfter(written, axis));
        }
    }

    /// <summary>A window with the same numbers along all axes.</summary>
    public static WindowArguments Uniform(int dimensions, int kernel, int stride = 1, int padding = 0, int dilation = 1) => new(
        LayerAxis.Of(dimensions).Select(axis => new WindowAxisArguments(axis, kernel, stride, dilation, padding, padding))
            .ToEquatableArray(),
        Operators.AutoPad.None, new Argument<bool>(false, IsSet: false), null);
}
