using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Pad1D() : PadOperator(1)
{
    public override OperatorDocumentation Documentation => Document("C×L → C×(L + 2P)", "y[c, i] = x[c, i − P]", "d");
}

internal sealed class Pad2D() : PadOperator(2)
{
    public override OperatorDocumentation Documentation => Document("C×H×W → C×(H + 2P)×(W + 2P)", "y[c, i, j] = x[c, i − P, j − P]", "d");
}

internal sealed class Pad3D() : PadOperator(3)
{
    public override OperatorDocumentation Documentation =>
        Document("C×D×H×W → C×(D + 2P)×(H + 2P)×(W + 2P)", "y[c, k, i, j] = x[c, k − P, i − P, j − P]", "d");
}

/// <summary>Padding as a layer.</summary>
internal abstract class PadOperator(int dimensions) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Shapes;

    public sealed override string Kind => $"Pad{Arithmetic.Number(dimensions)}D";

    public sealed override string Stem => "pad";

    public sealed override IReadOnlyList<OperatorCase> Cases => dimensions switch
    {
        1 =>
        [
            .. In(Sequence, "Pad1D(2)", "Pad1D(2, Mode = PaddingMode.Circular)", "Pad1D(1, PaddingLeft = 3, PaddingRight = 0)"),
        ],
        2 =>
        [
            "Pad2D(1)", "Pad2D(2, Mode = PaddingMode.Reflect)", "Pad2D(1, PaddingLeft = 3, Mode = PaddingMode.Replicate)",
            "Pad2D(2, PaddingTop = 0, Mode = PaddingMode.Circular)", "Pad2D(1, PaddingHeight = 2, PaddingRight = 0)",
            "Pad2D(1, PaddingWidth = 2, PaddingBottom = 3)",
        ],
        _ =>
        [
            .. In(Volume, "Pad3D(1)", "Pad3D(2, Mode = PaddingMode.Reflect)", "Pad3D(1, Mode = PaddingMode.Replicate)",
                "Pad3D(1, PaddingBack = 2, Mode = PaddingMode.Replicate)", "Pad3D(1, Mode = PaddingMode.Circular)",
                "Pad3D(1, PaddingDepth = 0, PaddingHeight = 2, PaddingWidth = 1)",
                "Pad3D(1, PaddingFront = 2, PaddingTop = 0, PaddingBottom = 1, PaddingLeft = 3, PaddingRight = 0)"),
        ],
    };

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        MarginArguments.Each(dimensions), Property<PaddingMode>("Mode"), (margins, mode) => new PadDefinition(margins, mode));

    protected OperatorDocumentation Document(string shape, string formula, string suffix)
    {
        string n = Arithmetic.Number(dimensions) + suffix;
        return new OperatorDocumentation(
            $"[{Kind}(padding)]", shape, formula + ", outside 0 or what Mode says",
            $"nn.ZeroPad{n}, nn.ReflectionPad{n}, nn.ReplicationPad{n}, nn.CircularPad{n}", $"ZeroPadding{dimensions}D");
    }
}

/// <summary>The arguments for both sides of an axis.</summary>
internal readonly record struct MarginArguments(Argument<int> Before, Argument<int> After)
{
    private static readonly AxisArguments Margins =
        new(new ArgumentSpec<int>("padding", ArgumentForm.Required, 0), DescribedPartKind.Padding, "Padding", "Padding");

    public static IArgumentSource<EquatableArray<MarginArguments>> Each(int dimensions) =>
        new ArgumentGroup<EquatableArray<MarginArguments>>(
            Margins.Specs(dimensions),
            written => LayerAxis.Of(dimensions)
                .Select(axis => new MarginArguments(Margins.ReadBefore(written, axis), Margins.ReadAfter(written, axis)))
                .ToEquatableArray());
}

/// <summary>What messages call the arguments for both sides of an axis.</summary>
internal readonly record struct MarginNames(string Before, string After);

/// <summary>Padding along the last one, two or three axes.</summary>
/// <param name="Margins">The margins of each axis, slowest first.</param>
internal sealed record PadDefinition(EquatableArray<MarginArguments> Margins, Argument<PaddingMode> Mode) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        PaddingMode mode = layer.OneOf(Mode);
        Margin[] margins = [.. Margins.Select(margin => new Margin(layer.AtLeast(0, margin.Before), layer.AtLeast(0, margin.After)))];
        MarginNames[] names = [.. Margins.Select(margin => new MarginNames(margin.Before.Name, margin.After.Name))];
        return layer.HasErrors || !layer.HasDimensions(Margins.Count) || layer.Input is not { } input
            || Padding.Build(layer, input, mode, margins, names) is not { } pad
            ? null
            : new LayerResult(pad.Operation, pad.Shape, pad.Formula)
            {
                Windows = [.. margins.Select(margin => new LayerWindow(new WindowAxis(1, 1, 1, margin.Before, margin.After)))],
            };
    }
}

/// <summary>The surface's <c>PaddingMode</c>, by number.</summary>
internal enum PaddingMode
{
    Zeros,
    Reflect,
    Replicate,
    Circular,
}

/// <summary>How many elements are added at both sides of an axis.</summary>
internal readonly record struct Margin(int Before, int After);

/// <summary>The shape rule of padding, for padding layers and for layers that pad their input.</summary>
internal static class Padding
{
    /// <summary>Warns of a mode without anything to pad.</summary>
    public static void ReportUnread(LayerContext layer, Argument<PaddingMode> mode) =>
        layer.Report(ArgumentProblems.NothingPadded(layer.At(mode.Name), mode.Name));

    /// <summary>The operation that pads. If the input is too small to copy from, this is reported, and the result is null.</summary>
    /// <param name="margins">The margins of each axis, slowest first.</param>
    /// <param name="names">What messages call the margins.</param>
    public static (Pad Operation, Shape Shape, string Formula)? Build(
        LayerContext layer, Shape input, PaddingMode mode, IReadOnlyList<Margin> margins, IReadOnlyList<MarginNames> names)
    {
        IReadOnlyList<LayerAxis> axes = LayerAxis.Of(margins.Count);
        int[] extents = input.Extents;
        var formulas = new List<string>();
        var reported = new HashSet<string>();
        for (int i = 0; i < margins.Count; i++)
        {
            (LayerAxis axis, Margin margin, int extent) = (axes[i], margins[i], extents[i + 1]);
            foreach ((string argument, int amount) in new[] { (names[i].Before, margin.Before), (names[i].After, margin.After) })
            {
                (int most, string range) = mode switch
                {
                    PaddingMode.Reflect => (extent - 1, "less than"),
                    PaddingMode.Circular => (extent, "at most"),
                    _ => (int.MaxValue, ""),
                };
                if (amount > most && reported.Add(argument))
                {
                    layer.Report(ArgumentProblems.OutOfRange(
                        layer.At(argument), argument == "AutoPad" ? "its padding" : argument, amount,
                        $"{range} the {axis.Name} {Arithmetic.Number(extent)} with PaddingMode.{mode}"));
                }
            }

            long padded = (long)extent + margin.Before + margin.After;
            formulas.Add(
                $"{Arithmetic.Number(extent)} + {Arithmetic.Number(margin.Before)} + {Arithmetic.Number(margin.After)} = "
                + $"{Arithmetic.Number(padded)}");
            if (padded > Window.MaxExtent)
            {
                layer.Report(ShapeProblems.ExtentTooLarge(layer.At(names[i].Before), $"its padded {axis.Name}, {formulas[i]},"));
            }

            extents[i + 1] = (int)padded;
        }

        if (layer.HasErrors)
        {
            return null;
        }

        Margin Of(int fromLast) => margins.Count > fromLast ? margins[margins.Count - 1 - fromLast] : default;
        return (
            new Pad(Of(2), Of(1), Of(0), mode),
            Shape.Of(extents),
            formulas.Distinct().Count() == 1 ? formulas[0] : string.Join(", ", formulas.Select((f, i) => $"{axes[i].Name} {f}")));
    }
}

/// <summary>A copy with margins. The margins are zeros or copies of elements.</summary>
internal sealed record Pad(Margin Depth, Margin Vertical, Margin Horizontal, PaddingMode Mode) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override bool OnlyMoves => true;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        if (Mode == PaddingMode.Zeros)
        {
            pass.Clear(y);
            pass.Step("", k => k.ForEachApart(x, at => y[Padded(at)] = x[at]));
            return;
        }

        pass.Step("", k => k.ForEachApart(y, at => y[at] = x[LetSource(k, x.Shape, at)]));
    }

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        if (Mode == PaddingMode.Zeros)
        {
            pass.Step("", k => k.ForEachApart(dx, at => dx[at] = dy[Padded(at)]));
            return;
        }

        pass.Clear(dx, MostCopies(Depth) * MostCopies(Vertical) * MostCopies(Horizontal));
        pass.Step("", k => k.ForEach(dy, at => dx.Add(LetSource(k, dx.Shape, at), dy[at])));
    }

    /// <summary>
    /// The largest number of outputs that copy the same element, along one axis. A repeated edge fills a whole margin. Otherwise an element
    /// has its own place, and at most one in each margin.
    /// </summary>
    private long MostCopies(Margin margin) => Mode == PaddingMode.Replicate ? Math.Max(margin.Before, margin.After) + 1L : 3;

    /// <summary>The place of an element of the input in the output.</summary>
    private ElementIndex Padded(ElementIndex at) => new(at.C, at.Z + Depth.Before, at.Y + Vertical.Before, at.X + Horizontal.Before);

    /// <summary>The element of the input that is copied to a place of the output.</summary>
    private ElementIndex LetSource(Loops k, Shape input, ElementIndex at) => new(
        at.C, k.LetInt("plane", Source(at.Z, Depth, input.Depth)), k.LetInt("row", Source(at.Y, Vertical, input.Height)),
        k.LetInt("column", Source(at.X, Horizontal, input.Width)));

    private Index Source(Index index, Margin margin, int extent)
    {
        if (margin is { Before: 0, After: 0 })
        {
            return index;
        }

        Index inside = index - margin.Before, last = extent - 1;
        return Mode switch
        {
            PaddingMode.Reflect => last - Index.Abs(last - Index.Abs(inside)),
            PaddingMode.Replicate => Index.Clamp(inside, 0, last),
            _ => (inside + extent) % extent,
        };
    }
}
