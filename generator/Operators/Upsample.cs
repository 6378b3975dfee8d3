using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

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
}

/// <summary>The base of the upsamplings.</summary>
internal abstract class UpsampleOperator(int dimensions) : LayerOperator
{
    public sealed override string Kind => $"Upsample{Arithmetic.Number(dimensions)}D";

    public sealed override string Stem => "upsample";

    public sealed override LayerDefinition Bind(AttributeArguments arguments) => new UpsampleDefinition(
        LayerAxis.Of(dimensions).Select(axis => UpsampleAxisArguments.Bind(arguments, axis)).ToEquatableArray(),
        arguments.Enum<UpsampleMode>("Mode"), arguments.Bool("AlignCorners", false));

    protected OperatorDocumentation Document(string shape, string nearest, string linear) => new(
        $"[{Kind}(scale)]", shape, $"{nearest}; {linear} between neighbours with Mode",
        "nn.Upsample, F.interpolate", $"UpSampling{Arithmetic.Number(dimensions)}D");
}

/// <summary>The arguments of upsampling for one axis: the output's size, or its ratio to the input's.</summary>
internal sealed record UpsampleAxisArguments(LayerAxis Axis, Argument<double> Scale, Argument<int> Size)
{
    /// <summary>The argument for the scale of all axes. An argument for a single axis has that axis in its name.</summary>
    public const string AllAxes = "scale";

    public static UpsampleAxisArguments Bind(AttributeArguments arguments, LayerAxis axis)
    {
        string own = "Scale" + axis.Suffix;
        return new UpsampleAxisArguments(
            axis, arguments.Double(axis.Suffix.Length > 0 && arguments.IsSet(own) ? own : AllAxes, 0), arguments.Int(SizeName(axis)));
    }

    /// <summary>The name of the argument for the size along an axis.</summary>
    public static string SizeName(LayerAxis axis) => axis.Suffix.Length > 0 ? axis.Suffix : "Length";
}

/// <summary>Upsampling, or downsampling, along the last one, two or three axes.</summary>
/// <param name="Axes">The arguments of each axis, slowest first.</param>
internal sealed record UpsampleDefinition(
    EquatableArray<UpsampleAxisArguments> Axes, Argument<UpsampleMode> Mode, Argument<bool> AlignCorners) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        int dimensions = Axes.Count;
        bool linear = layer.OneOf(Mode) == UpsampleMode.Linear, align = AlignCorners.Value;
        if (align && !linear)
        {
            layer.Report(
                Rules.UnsupportedArgument, AlignCorners.Name, [Mend.Set("Mode", "UpsampleMode.Linear")],
                "the nearest element has no corners to align", "Set Mode = UpsampleMode.Linear, too");
        }

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
                layer.Report(Rules.WindowTooLarge, argument, LayerAxis.Of(dimensions)[i].Name, formula, input.ToString(),
                    "Increase the scale");
                return null;
            }

            if (to > Window.MaxExtent)
            {
                layer.Report(
                    Rules.TooLarge, argument, $"its {LayerAxis.Of(dimensions)[i].Name}, {formula},",
                    $"the largest extent, {Arithmetic.Number(Window.MaxExtent)}");
                return null;
            }

            int extent = (int)to;
            double step = align ? (extent > 1 ? (from - 1.0) / (extent - 1) : 0) : size > 0 ? (double)from / size : 1 / scale;
            axes.Add(new UpsampledAxis(from, step));
            extents.Add(extent);
            formulas.Add(formula);
        }

        UpsampledAxis Of(int fromLast) => dimensions > fromLast ? axes[dimensions - 1 - fromLast] : new UpsampledAxis(1, 1);
        return new LayerResult(
            new Upsampling(Of(2), Of(1), Of(0), linear, align),
            Shape.Of(input.Channels, extents),
            string.Join(", ", formulas.Where(f => f.Length > 0).Distinct()));
    }

    private static (string Argument, double Scale, int Size) Check(LayerContext layer, UpsampleAxisArguments axis)
    {
        (Argument<double> scale, Argument<int> size) = (axis.Scale, axis.Size);
        if (size.IsSet)
        {
            if (scale.IsSet && scale.Name != UpsampleAxisArguments.AllAxes)
            {
                layer.Report(
                    Rules.ConflictingArguments, scale.Name, [new Mend(MendKind.RemoveArgument)], size.Name, scale.Name);
            }

            return (size.Name, 0, layer.AtLeast(1, size));
        }

        if (!scale.IsSet)
        {
            layer.Report(
                Rules.UnsupportedArgument, "", $"it has neither a scale nor a {axis.Axis.Name}",
                $"Set {UpsampleAxisArguments.SizeName(axis.Axis)}, or give it a scale");
            return ("", 1, 0);
        }

        return (scale.Name, layer.Finite(scale, 0, orEqual: false), 0);
    }
}

/// <param name="Extent">The input's extent.</param>
/// <param name="Step">The distance of two outputs, in elements of the input.</param>
internal readonly record struct UpsampledAxis(int Extent, double Step);

/// <summary>Upsampling, or downsampling, along each axis: the nearest element of the input, or linear interpolation.</summary>
/// <param name="AlignCorners">As in PyTorch: whether the first and the last element stay at the ends. If not, elements are areas.</param>
internal sealed record Upsampling(UpsampledAxis Depth, UpsampledAxis Vertical, UpsampledAxis Horizontal, bool Linear,
    bool AlignCorners) : LoopOperation
{
    private static readonly string[] Indices = ["z", "y", "x"];

    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override Reach ReachOf(Shape input, Shape output) => new(
        Axis(Depth, output.Depth), Axis(Vertical, output.Height), Axis(Horizontal, output.Width));

    private UpsampledAxis[] Axes => [Depth, Vertical, Horizontal];

    public override void Forward(LoopPass pass) => pass.Step("", k => ForEach(k, pass.Output, (at, sources) =>
    {
        LoopTensor x = pass.Input;
        pass.Output[at] = Mean(0, []);

        // Interpolates along one axis after the other, as in PyTorch.
        Expression Mean(int axis, Index[] chosen)
        {
            if (axis == 3)
            {
                return x[at.C, chosen[0], chosen[1], chosen[2]];
            }

            AxisSource source = sources[axis];
            Expression near = Mean(axis + 1, [.. chosen, source.First]);
            return source.Second is null
                ? near : (near * new Broadcast(source.Near!)) + (Mean(axis + 1, [.. chosen, source.Second]) * new Broadcast(source.Far!));
        }
    }));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Clear(dx,
            MostReaders(dx.Shape.Depth, dy.Shape.Depth) * MostReaders(dx.Shape.Height, dy.Shape.Height)
            * MostReaders(dx.Shape.Width, dy.Shape.Width));
        pass.Step("", k => ForEach(k, dy, (at, sources) =>
        {
            Spread(0, [], k.Let("g", dy[at]));
            void Spread(int axis, Index[] chosen, Expression share)
            {
                if (axis == 3)
                {
                    dx.Add(new ElementIndex(at.C, chosen[0], chosen[1], chosen[2]), share);
                    return;
                }

                AxisSource source = sources[axis];
                Spread(axis + 1, [.. chosen, source.First], source.Second is null ? share : share * new Broadcast(source.Near!));
                if (source.Second is not null)
                {
                    Spread(axis + 1, [.. chosen, source.Second], share * new Broadcast(source.Far!));
                }
            }
        }));
    }

    private AxisReach Axis(UpsampledAxis axis, int extent)
    {
        (int from, double step) = axis;
        if (from == 1 || (from == extent && step == 1))
        {
            return new AxisReach(1, from == 1 ? 0 : 1);
        }

        // If every output is exactly at an element of the input, the second neighbour has no weight.
        double first = AlignCorners ? 0 : (step - 1) / 2;
        return new AxisReach(Linear && (step % 1 != 0 || first % 1 != 0) ? 2 : 1, step);
    }

    /// <summary>The largest number of outputs along an axis that one element contributes to.</summary>
    private long MostReaders(int input, int output) => ((output / input) + 2L) * (Linear && input > 1 && input != output ? 2 : 1);

    /// <summary>Loops over the outputs. For each axis, the body gets the elements of the input that the output comes from.</summary>
    private void ForEach(Loops k, LoopTensor output, Action<ElementIndex, AxisSource[]> body)
    {
        int[] extents = [output.Shape.Depth, output.Shape.Height, output.Shape.Width];
        k.ForChannels(output, c => Along(0, []));

        void Along(int axis, AxisSource[] sources)
        {
            if (axis == 3)
            {
                body(new ElementIndex(new IndexVariable("c")), sources);
                return;
            }

            k.For([(Indices[axis], extents[axis])],
                at => Along(axis + 1, [.. sources, SourceOf(k, Indices[axis], at[0], Axes[axis], extents[axis])]));
        }
    }

    private AxisSource SourceOf(Loops k, string name, Index index, UpsampledAxis axis, int extent)
    {
        (int from, double step) = axis;
        if (from == extent && step == 1)
        {
            return new AxisSource(index);
        }

        if (from == 1)
        {
            return new AxisSource(0);
        }

        string axisName = name.ToUpperInvariant();
        if (!Linear)
        {
            // PyTorch computes the index in single precision, too.
            return new AxisSource(
                k.LetInt("first" + axisName, Index.Min(Index.Truncate(index * (Expression)Constant.Single(step)), from - 1)));
        }

        Expression factor = Constant.Double(step), half = Constant.Double(0.5);
        Variable place = k.Let("place" + axisName,
            AlignCorners ? index * factor : Intrinsics.DoubleMax(((index + half) * factor) - half, Constant.Double(0)));
        IndexVariable near = new("first" + axisName);
        IndexVariable[] neighbours = k.LetInts(
            (near.Name, Index.Min(Index.Truncate(place), from - 1)), ("second" + axisName, Index.Min(near + 1, from - 1)));
        Variable far = new("far" + axisName, ElementType.Float);
        Variable[] weights = k.Let(
            (far.Name, new Conversion(ElementType.Float, Intrinsics.DoubleMin(place - neighbours[0], Constant.Double(1)))),
            ("near" + axisName, Constant.Single(1) - far));
        return new AxisSource(neighbours[0]) { Second = neighbours[1], Near = weights[1], Far = weights[0] };
    }

    /// <summary>The elements of the input that an output comes from, along one axis.</summary>
    private sealed record AxisSource(Index First)
    {
        /// <summary>The second neighbour; null without interpolation.</summary>
        public Index? Second { get; init; }

        /// <summary>The weight of the first neighbour.</summary>
        public Expression? Near { get; init; }

        /// <summary>The weight of the second neighbour.</summary>
        public Expression? Far { get; init; }
    }
}
