using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Upsample1D() : UpsampleOperator(1)
{
    public override OperatorDocumentation Documentation => Document("C×L → C×⌊s·L⌋", "y[c, i] = x[c, ⌊i/s⌋]", "linear");
}

internal sealed class Upsample2D() : UpsampleOperator(2)
{
    public override OperatorDocumentation Documentation => Document("C×H×W → C×⌊s·H⌋×⌊s·W⌋", "y[c, i, j] = x[c, ⌊i/s⌋, ⌊j/s⌋]", "bilinear");
}

internal sealed class Upsample3D() : UpsampleOperator(3)
{
    public override OperatorDocumentation Documentation =>
        Document("C×D×H×W → C×⌊s·D⌋×⌊s·H⌋×⌊s·W⌋", "y[c, k, i, j] = x[c, ⌊k/s⌋, ⌊i/s⌋, ⌊j/s⌋]", "trilinear");
}

/// <summary>The surface's <c>UpsampleMode</c>, by number.</summary>
internal enum UpsampleMode
{
    Nearest,
    Linear,
    Bilinear = Linear,
    Trilinear = Linear,
    Cubic,
    Bicubic = Cubic,
}

/// <summary>The surface's <c>UpsampleCoordinates</c>, by number.</summary>
internal enum UpsampleCoordinates
{
    Default,
    HalfPixel,
    AlignCorners,
    Asymmetric,
    PytorchHalfPixel,
}

/// <summary>The surface's <c>UpsampleRounding</c>, by number.</summary>
internal enum UpsampleRounding
{
    Floor,
    Ceil,
    RoundPreferFloor,
    RoundPreferCeil,
}

/// <summary>The base of the upsamplings.</summary>
internal abstract class UpsampleOperator(int dimensions) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Shapes;

    public sealed override string Kind => $"Upsample{Arithmetic.Number(dimensions)}D";

    public sealed override string Stem => "upsample";

    public sealed override IReadOnlyList<OperatorCase> Cases => dimensions switch
    {
        1 =>
        [
            .. In(Sequence, "Upsample1D(2)", "Upsample1D(Length = 7)", "Upsample1D(2.5, Mode = UpsampleMode.Linear)",
                "Upsample1D(Length = 20, Mode = UpsampleMode.Linear, AlignCorners = true)", "Upsample1D(2, Mode = UpsampleMode.Cubic)",
                "Upsample1D(2.5, Mode = UpsampleMode.Cubic)", "Upsample1D(1.3, Mode = UpsampleMode.Cubic)",
                "Upsample1D(2, Mode = UpsampleMode.Cubic, CubicCoefficient = -0.5)",
                "Upsample1D(2, Coordinates = UpsampleCoordinates.HalfPixel, Rounding = UpsampleRounding.Ceil)"),
            .. In("2, 9", "Upsample1D(1.1, Mode = UpsampleMode.Linear)", "Upsample1D(1.05)"),
            .. In("4, 23", "Upsample1D(Length = 12, Mode = UpsampleMode.Linear, AlignCorners = true)",
                "Upsample1D(Length = 12, Mode = UpsampleMode.Cubic, Coordinates = UpsampleCoordinates.AlignCorners)"),
        ],
        2 => [.. Nearest, .. Interpolated],
        _ =>
        [
            .. In(Volume, "Upsample3D(2)", "Upsample3D(2, Mode = UpsampleMode.Trilinear)",
                "Upsample3D(1.5, Mode = UpsampleMode.Trilinear, AlignCorners = true)",
                "Upsample3D(Depth = 7, Height = 8, Width = 9, Mode = UpsampleMode.Cubic)",
                "Upsample3D(1.3, Mode = UpsampleMode.Cubic, AlignCorners = true)", "Upsample3D(Depth = 7, Height = 13, Width = 3)",
                "Upsample3D(ScaleDepth = 2, ScaleHeight = 1.5, ScaleWidth = 1)",
                "Upsample3D(2, Mode = UpsampleMode.Cubic, CubicCoefficient = -0.5)",
                "Upsample3D(1.5, Coordinates = UpsampleCoordinates.AlignCorners, Rounding = UpsampleRounding.RoundPreferFloor)"),
        ],
    };

    private static IEnumerable<OperatorCase> Nearest =>
    [
        "Upsample2D(2)", "Upsample2D(1.5)", "Upsample2D(Height = 13, Width = 5)",
        "Upsample2D(2, Rounding = UpsampleRounding.RoundPreferCeil)",
        "Upsample2D(2, Coordinates = UpsampleCoordinates.HalfPixel, Rounding = UpsampleRounding.RoundPreferFloor)",
        "Upsample2D(1.7, Coordinates = UpsampleCoordinates.HalfPixel, Rounding = UpsampleRounding.Ceil)",
        "Upsample2D(Height = 13, Width = 5, Coordinates = UpsampleCoordinates.HalfPixel, Rounding = UpsampleRounding.RoundPreferCeil)",
        "Upsample2D(2, Coordinates = UpsampleCoordinates.AlignCorners, Rounding = UpsampleRounding.Ceil)",
        .. In("2, 7, 9", "Upsample2D(Height = 10, Width = 13)", "Upsample2D(1.3, ScaleWidth = 1.5)", "Upsample2D(2, ScaleHeight = 1.3)"),
        .. In("2, 5, 10", "Upsample2D(1.4)", "Upsample2D(Height = 7, Width = 10), Upsample2D(1)"),
        .. In("1, 14, 7", "Upsample2D(Height = 2, Width = 39, Coordinates = UpsampleCoordinates.HalfPixel)",
            "Upsample2D(Height = 2, Width = 20)"),
        .. In("4, 13, 12", "Upsample2D(Height = 5, Width = 30)"),
    ];

    private static IEnumerable<OperatorCase> Interpolated =>
    [
        "Upsample2D(2, Mode = UpsampleMode.Bilinear)", "Upsample2D(3, Mode = UpsampleMode.Linear)",
        "Upsample2D(2, ScaleWidth = 3, Mode = UpsampleMode.Bilinear)", "Upsample2D(1.3, Mode = UpsampleMode.Bilinear)",
        "Upsample2D(Height = 13, Width = 5, Mode = UpsampleMode.Bilinear)",
        "Upsample2D(Height = 13, Width = 5, Mode = UpsampleMode.Bilinear, AlignCorners = true)",
        "Upsample2D(2, Mode = UpsampleMode.Linear, Coordinates = UpsampleCoordinates.Asymmetric)",
        "Upsample2D(2, Mode = UpsampleMode.Linear, Coordinates = UpsampleCoordinates.PytorchHalfPixel)",
        "Upsample2D(Height = 1, Width = 7, Mode = UpsampleMode.Linear, Coordinates = UpsampleCoordinates.PytorchHalfPixel)",
        "Upsample2D(2, Mode = UpsampleMode.Cubic)", "Upsample2D(2, Mode = UpsampleMode.Cubic, AlignCorners = true)",
        "Upsample2D(1.05, ScaleWidth = 1.1, Mode = UpsampleMode.Cubic)", "Upsample2D(0.4, Mode = UpsampleMode.Cubic)",
        "Upsample2D(Height = 13, Width = 5, Mode = UpsampleMode.Cubic, CubicCoefficient = -0.5)",
        .. In("2, 7, 9", "Upsample2D(Height = 10, Width = 13, Mode = UpsampleMode.Linear)"),
        .. In("2, 5, 10", "Upsample2D(1.3, Mode = UpsampleMode.Linear)"),
        .. In("4, 13, 12", "Upsample2D(Height = 25, Width = 23, Mode = UpsampleMode.Linear, AlignCorners = true)"),
    ];

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        UpsampleAxisArguments.Each(dimensions), Property<UpsampleMode>("Mode"), Property("AlignCorners", false),
        Property<UpsampleCoordinates>("Coordinates"), Property<UpsampleRounding>("Rounding"),
        Property("CubicCoefficient", UpsampleDefinition.DefaultCoefficient),
        (axes, mode, aligns, coordinates, rounding, coefficient) =>
            new UpsampleDefinition(axes, mode, aligns, coordinates, rounding, coefficient));

    protected OperatorDocumentation Document(string shape, string nearest, string linear) => new(
        $"[{Kind}(scale)]", shape, $"{nearest}; {linear} or cubic between neighbours with Mode",
        "nn.Upsample, F.interpolate", $"UpSampling{Arithmetic.Number(dimensions)}D");
}

/// <summary>The arguments of upsampling for one axis: the output's size, or its ratio to the input's.</summary>
internal sealed record UpsampleAxisArguments(LayerAxis Axis, Argument<double> Scale, Argument<int> Size)
{
    /// <summary>The argument for the scale of all axes. An argument for a single axis has that axis in its name.</summary>
    public const string AllAxes = "scale";

    private static readonly ArgumentSpec<double> Scales = new(AllAxes, ArgumentForm.Optional, 0) { HasDefault = false };

    public static IArgumentSource<EquatableArray<UpsampleAxisArguments>> Each(int dimensions)
    {
        IReadOnlyList<LayerAxis> axes = LayerAxis.Of(dimensions);
        return new ArgumentGroup<EquatableArray<UpsampleAxisArguments>>(
            [Scales, .. axes.Where(axis => axis.Suffix.Length > 0).Select(ScaleOf), .. axes.Select(SizeOf)],
            written => axes.Select(axis => new UpsampleAxisArguments(
                axis, written.Read(axis.Suffix.Length > 0 && written.IsSet(ScaleOf(axis).Name) ? ScaleOf(axis) : Scales),
                written.Read(SizeOf(axis)))).ToEquatableArray());
    }

    /// <summary>The argument for the scale along an axis.</summary>
    public static ArgumentSpec<double> ScaleOf(LayerAxis axis) =>
        new("Scale" + axis.Suffix, ArgumentForm.Property, 0) { HasDefault = false };

    /// <summary>The argument for the size along an axis.</summary>
    public static ArgumentSpec<int> SizeOf(LayerAxis axis) => new(SizeName(axis), ArgumentForm.Property, 0) { HasDefault = false };

    /// <summary>The name of the argument for the size along an axis.</summary>
    public static string SizeName(LayerAxis axis) => axis.Suffix.Length > 0 ? axis.Suffix : "Length";
}

/// <summary>Upsampling, or downsampling, along the last one, two or three axes.</summary>
/// <param name="Axes">The arguments of each axis, slowest first.</param>
internal sealed record UpsampleDefinition(
    EquatableArray<UpsampleAxisArguments> Axes, Argument<UpsampleMode> Mode, Argument<bool> AlignCorners,
    Argument<UpsampleCoordinates> Coordinates, Argument<UpsampleRounding> Rounding, Argument<double> CubicCoefficient) : LayerDefinition
{
    /// <summary>PyTorch's and ONNX's.</summary>
    public const double DefaultCoefficient = -0.75;

    public override LayerResult? Build(LayerContext layer)
    {
        int dimensions = Axes.Count;
        UpsampleMode mode = layer.OneOf(Mode);
        UpsampleCoordinates coordinates = CheckOptions(layer, mode);
        List<(string Argument, double Scale, int Size)> wanted = Axes.Select(axis => Check(layer, axis)).ToList();
        if (layer.HasErrors || !layer.HasDimensions(dimensions) || layer.Input is not { } input)
        {
            return null;
        }

        var axes = new List<UpsampledAxis>();
        var extents = new List<int>();
        var formulas = new List<string>();
        for (int i = 0; i < dimensions; i++)
        {
            (string argument, double scale, int size) = wanted[i];
            int from = input.Extents[i + 1];
            double to = size > 0 ? size : Math.Floor(from * scale);
            string formula = size > 0 ? "" : $"{Arithmetic.Number(from)}·{Arithmetic.Number(scale)}";
            formula = from * scale == to ? $"{formula} = {Arithmetic.Number((long)to)}"
                : size > 0 ? "" : $"⌊{formula}⌋ = {Arithmetic.Number(to)}";
            if (to < 1)
            {
                layer.ReportTooLarge(argument, LayerAxis.Of(dimensions)[i].Name, formula, input, "Increase the scale");
                return null;
            }

            if (to > Window.MaxExtent)
            {
                layer.Report(ShapeProblems.ExtentTooLarge(
                    layer.At(argument), $"its {LayerAxis.Of(dimensions)[i].Name}, {formula},"));
                return null;
            }

            int extent = (int)to;
            axes.Add(AxisOf(coordinates, from, extent, scale, size));
            extents.Add(extent);
            formulas.Add(formula);
        }

        UpsampledAxis Of(int fromLast) => dimensions > fromLast ? axes[dimensions - 1 - fromLast] : new UpsampledAxis(1, 1, 1);
        return new LayerResult(
            new Upsampling(Of(2), Of(1), Of(0), mode)
            {
                Rounding = Rounding.Value,
                Coefficient = mode == UpsampleMode.Cubic ? CubicCoefficient.Value : 0,
            },
            Shape.Create(input.Channels, extents),
            string.Join(", ", formulas.Where(f => f.Length > 0).Distinct()));
    }

    /// <summary>How one axis is resized, to an extent that follows from its scale or size.</summary>
    private static UpsampledAxis AxisOf(UpsampleCoordinates coordinates, int from, int extent, double scale, int size) => coordinates switch
    {
        // A single element is the first one.
        UpsampleCoordinates.AlignCorners or UpsampleCoordinates.PytorchHalfPixel when extent == 1 => new UpsampledAxis(from, 0, 1),
        UpsampleCoordinates.AlignCorners => new UpsampledAxis(from, from - 1, extent - 1) { AlignsCorners = true },
        _ => (size > 0 ? new UpsampledAxis(from, from, size) : new UpsampledAxis(from, 1, scale))
            with
        { IsCentered = coordinates != UpsampleCoordinates.Asymmetric },
    };

    /// <summary>Checks the arguments that some modes have. The result says where an output is.</summary>
    private UpsampleCoordinates CheckOptions(LayerContext layer, UpsampleMode mode)
    {
        UpsampleCoordinates coordinates = layer.OneOf(Coordinates);
        layer.OneOf(Rounding);
        layer.Finite(CubicCoefficient);
        if (AlignCorners.Value && mode == UpsampleMode.Nearest)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(AlignCorners.Name), "the nearest element has no corners to align", "Set Mode = UpsampleMode.Linear, too",
                Fix.Set("Mode", "UpsampleMode.Linear")));
        }

        if (AlignCorners.Value && coordinates is not (UpsampleCoordinates.Default or UpsampleCoordinates.AlignCorners))
        {
            layer.Report(ArgumentProblems.Conflicting(layer.At(AlignCorners.Name), Coordinates.Name, AlignCorners.Name));
        }

        if (Rounding.IsSet && Rounding.Value != UpsampleRounding.Floor && mode != UpsampleMode.Nearest)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Rounding.Name), "places are not rounded where neighbours are interpolated",
                "Remove Rounding, or set Mode = UpsampleMode.Nearest", new Fix(FixKind.RemoveArgument)));
        }

        if (CubicCoefficient.IsSet && mode != UpsampleMode.Cubic)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(CubicCoefficient.Name), "only cubic interpolation has a coefficient", "Set Mode = UpsampleMode.Cubic, too",
                Fix.Set("Mode", "UpsampleMode.Cubic")));
        }

        return AlignCorners.Value ? UpsampleCoordinates.AlignCorners
            : coordinates != UpsampleCoordinates.Default ? coordinates
            : mode == UpsampleMode.Nearest ? UpsampleCoordinates.Asymmetric : UpsampleCoordinates.HalfPixel;
    }

    private static (string Argument, double Scale, int Size) Check(LayerContext layer, UpsampleAxisArguments axis)
    {
        (Argument<double> scale, Argument<int> size) = (axis.Scale, axis.Size);
        if (size.IsSet)
        {
            if (scale.IsSet && scale.Name != UpsampleAxisArguments.AllAxes)
            {
                layer.Report(ArgumentProblems.Conflicting(layer.At(scale.Name), size.Name, scale.Name));
            }

            return (size.Name, 0, layer.AtLeast(1, size));
        }

        if (!scale.IsSet)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.Here, $"it has neither a scale nor a {axis.Axis.Name}",
                $"Set {UpsampleAxisArguments.SizeName(axis.Axis)}, or give it a scale"));
            return ("", 1, 0);
        }

        return (scale.Name, layer.Finite(scale, 0, orEqual: false), 0);
    }
}

/// <summary>
/// Where an output is, in elements of the input: at i·Numerator/Denominator, or at (i + ½)·Numerator/Denominator − ½ if elements are areas.
/// </summary>
/// <param name="Extent">The input's extent.</param>
internal readonly record struct UpsampledAxis(int Extent, double Numerator, double Denominator)
{
    /// <summary>Whether elements are areas, whose centres are at halves.</summary>
    public bool IsCentered { get; init; }

    /// <summary>Whether the first and the last output are exactly at the first and the last element of the input.</summary>
    public bool AlignsCorners { get; init; }

    /// <summary>The distance of two outputs, in elements of the input.</summary>
    public double Step => Numerator / Denominator;

    /// <summary>Where the first output is.</summary>
    public double First => IsCentered ? (Step - 1) / 2 : 0;
}

/// <summary>
/// Upsampling, or downsampling, along each axis: the nearest element of the input, or linear or cubic interpolation between elements.
/// </summary>
internal sealed record Upsampling(UpsampledAxis Depth, UpsampledAxis Vertical, UpsampledAxis Horizontal, UpsampleMode Mode)
    : LoopOperation
{
    /// <summary>Along an axis with more outputs, the number of contributions to an element is estimated, not counted.</summary>
    private const int MostCounted = 1 << 16;

    private static readonly string[] Indices = ["z", "y", "x"], Ordinals = ["first", "second", "third", "fourth"];

    /// <summary>Which element is the nearest.</summary>
    public UpsampleRounding Rounding { get; init; }

    /// <summary>The coefficient a of cubic interpolation (Keys 1981).</summary>
    public double Coefficient { get; init; }

    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override Reach ReachOf(Shape input, Shape output) => new(
        Axis(Depth, output.Depth), Axis(Vertical, output.Height), Axis(Horizontal, output.Width));

    private UpsampledAxis[] Axes => [Depth, Vertical, Horizontal];

    public override void Forward(LoopPass pass) => pass.Step("", k => ForEach(k, pass.Output, (at, taps) =>
    {
        LoopTensor x = pass.Input;
        int rows = 0;
        bool namesRows = Mode == UpsampleMode.Cubic && taps[0].Length * taps[1].Length > 1;
        pass.Output[at] = Mean(0, []);

        // Interpolates along one axis after the other, as in PyTorch.
        Expression Mean(int axis, Index[] chosen)
        {
            if (axis == 3)
            {
                return x[at.C, chosen[0], chosen[1], chosen[2]];
            }

            Expression mean = taps[axis].Select(tap => Times(Mean(axis + 1, [.. chosen, tap.Index]), tap.Weight))
                .Aggregate((sum, term) => sum + term);
            return namesRows && axis == 2 ? k.Let("row" + Arithmetic.Number(rows++), mean) : mean;
        }
    }));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Clear(dx,
            MostReaders(Depth, dx.Shape.Depth, dy.Shape.Depth) * MostReaders(Vertical, dx.Shape.Height, dy.Shape.Height)
            * MostReaders(Horizontal, dx.Shape.Width, dy.Shape.Width));
        pass.Step("", k => ForEach(k, dy, (at, taps) =>
        {
            Spread(0, [], k.Let("g", dy[at]));
            void Spread(int axis, Index[] chosen, Expression share)
            {
                if (axis == 3)
                {
                    dx.Add(new ElementIndex(at.C, chosen[0], chosen[1], chosen[2]), share);
                    return;
                }

                foreach (Tap tap in taps[axis])
                {
                    Spread(axis + 1, [.. chosen, tap.Index], Times(share, tap.Weight));
                }
            }
        }));
    }

    private static Expression Times(Expression value, Expression? weight) => weight is null ? value : value * new Broadcast(weight);

    private static bool IsIdentity(UpsampledAxis axis, int extent) => axis.Extent == extent && axis.Step == 1;

    private AxisReach Axis(UpsampledAxis axis, int extent)
    {
        if (axis.Extent == 1 || axis.Step == 0 || IsIdentity(axis, extent))
        {
            return new AxisReach(1, axis.Extent == 1 ? 0 : axis.Step);
        }

        // If every output is exactly at an element of the input, its neighbours have no weight.
        bool isBetween = axis.Step % 1 != 0 || axis.First % 1 != 0;
        return new AxisReach(!isBetween ? 1 : Mode switch { UpsampleMode.Cubic => 4, UpsampleMode.Linear => 2, _ => 1 }, axis.Step);
    }

    /// <summary>The largest number of times that one element contributes to outputs along an axis.</summary>
    private long MostReaders(UpsampledAxis axis, int input, int output)
    {
        long few = ((output / input) + 2L) * (Mode != UpsampleMode.Nearest && input > 1 && input != output ? 2 : 1);
        bool clamps = Mode == UpsampleMode.Cubic || (Mode == UpsampleMode.Linear && axis is { IsCentered: false, AlignsCorners: false });
        if (!clamps || input == 1 || IsIdentity(axis, output))
        {
            return few;
        }

        if (output > MostCounted)
        {
            return 8 * few;
        }

        int[] counts = new int[input];
        (int before, int after) = Mode == UpsampleMode.Cubic ? (1, 2) : (0, 1);
        for (int i = 0; i < output; i++)
        {
            int first = (int)Math.Floor((i * axis.Step) + axis.First);
            for (int tap = first - before; tap <= first + after; tap++)
            {
                counts[Math.Max(0, Math.Min(tap, input - 1))]++;
            }
        }

        return counts.Max();
    }

    /// <summary>Loops over the outputs. For each axis, the body gets the elements of the input that the output comes from.</summary>
    private void ForEach(Loops k, LoopTensor output, Action<ElementIndex, Tap[][]> body)
    {
        int[] extents = [output.Shape.Depth, output.Shape.Height, output.Shape.Width];
        k.ForChannels(output, c => Along(0, []));

        void Along(int axis, Tap[][] taps)
        {
            if (axis == 3)
            {
                body(new ElementIndex(new IndexVariable("c")), taps);
                return;
            }

            k.For([(Indices[axis], extents[axis])],
                at => Along(axis + 1, [.. taps, TapsOf(k, Indices[axis], at[0], Axes[axis], extents[axis])]));
        }
    }

    /// <summary>The elements of the input that an output comes from, along one axis.</summary>
    private Tap[] TapsOf(Loops k, string name, Index index, UpsampledAxis axis, int extent)
    {
        if (IsIdentity(axis, extent))
        {
            return [new Tap(index)];
        }

        string axisName = name.ToUpperInvariant();
        return axis.Extent == 1 || axis.Step == 0 ? [new Tap(0)] : Mode switch
        {
            UpsampleMode.Linear => LinearTaps(k, axisName, index, axis),
            UpsampleMode.Cubic => CubicTaps(k, axisName, index, axis),
            _ => [new Tap(k.LetInt("first" + axisName, Nearest(index, axis)))],
        };
    }

    private Index Nearest(Index index, UpsampledAxis axis)
    {
        if (Rounding == UpsampleRounding.Floor && axis is { IsCentered: false, AlignsCorners: false })
        {
            // PyTorch computes the index in single precision, too.
            return Index.Min(Index.Truncate(index * (Expression)Constant.Single(axis.Step)), axis.Extent - 1);
        }

        // The quotient is rounded once, so it is exact wherever it is a whole number or half of one.
        Expression i = axis.IsCentered ? index + Constant.Double(0.5) : index;
        Expression place = (axis.Numerator == 1 ? i : i * Constant.Double(axis.Numerator)) / Constant.Double(axis.Denominator);
        double shift = (axis.IsCentered ? -0.5 : 0)
            + (Rounding switch { UpsampleRounding.RoundPreferFloor => -0.5, UpsampleRounding.RoundPreferCeil => 0.5, _ => 0 });
        Expression shifted = shift < 0 ? place - Constant.Double(-shift) : shift > 0 ? place + Constant.Double(shift) : place;
        bool isDown = Rounding is UpsampleRounding.Floor or UpsampleRounding.RoundPreferCeil;
        return Index.Clamp(
            Index.Truncate(isDown ? Intrinsics.DoubleFloor(shifted) : Intrinsics.DoubleCeiling(shifted)), 0, axis.Extent - 1);
    }

    private static Expression Place(Index index, UpsampledAxis axis)
    {
        Expression step = Constant.Double(axis.Step), half = Constant.Double(0.5);
        return axis.IsCentered ? ((index + half) * step) - half : index * step;
    }

    private static Tap[] LinearTaps(Loops k, string axisName, Index index, UpsampledAxis axis)
    {
        Expression at = Place(index, axis);
        Variable place = k.Let("place" + axisName, axis.IsCentered ? Intrinsics.DoubleMax(at, Constant.Double(0)) : at);
        IndexVariable near = new("first" + axisName);
        IndexVariable[] neighbours = k.LetInts(
            (near.Name, Index.Min(Index.Truncate(place), axis.Extent - 1)), ("second" + axisName, Index.Min(near + 1, axis.Extent - 1)));
        Variable far = new("far" + axisName, ElementType.Float);
        Variable[] weights = k.Let(
            (far.Name, new Conversion(ElementType.Float, Intrinsics.DoubleMin(place - neighbours[0], Constant.Double(1)))),
            ("near" + axisName, Constant.Single(1) - far));
        return [new Tap(neighbours[0], weights[1]), new Tap(neighbours[1], weights[0])];
    }

    /// <summary>
    /// Four neighbours, whose weights are cubic functions of their distances. Beyond the edges, the element at the edge counts instead.
    /// </summary>
    private Tap[] CubicTaps(Loops k, string axisName, Index index, UpsampledAxis axis)
    {
        Variable place = k.Let("place" + axisName, Place(index, axis));

        IndexVariable left = k.LetInt("left" + axisName, Index.Truncate(Intrinsics.DoubleFloor(place)));
        IndexVariable[] sources = k.LetInts(
            [.. Ordinals.Select((name, tap) => (name + axisName, Index.Clamp(left + (tap - 1), 0, axis.Extent - 1)))]);
        Variable t = k.Let("t" + axisName, place - left), s = k.Let("s" + axisName, Constant.Double(1) - t);
        Expression a = Constant.Double(Coefficient);
        Expression Far(Expression near, Expression far) => a * near * far * far;
        Expression Near(Expression d) =>
            (((Constant.Double(Coefficient + 2) * d) - Constant.Double(Coefficient + 3)) * d * d) + Constant.Double(1);
        Variable[] weights = k.Let(
            new[] { Far(t, s), Near(t), Near(s), Far(s, t) }
                .Select((weight, tap) => ($"weight{axisName}{Arithmetic.Number(tap)}",
                    (Expression)new Conversion(ElementType.Float, weight))));
        return [.. sources.Zip(weights, (source, weight) => new Tap(source, weight))];
    }

    /// <summary>An element of the input along one axis, and its weight; null for 1.</summary>
    private sealed record Tap(Index Index, Expression? Weight = null);
}
