using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Crop1D() : CropOperator(1)
{
    public override OperatorDocumentation Documentation => Document("C×L → C×⌈(L − 2P)/S⌉", "y[c, i] = x[c, S·i + P]", "a:b:s");
}

internal sealed class Crop2D() : CropOperator(2)
{
    public override OperatorDocumentation Documentation =>
        Document("C×H×W → C×⌈(H − 2P)/S⌉×⌈(W − 2P)/S⌉", "y[c, i, j] = x[c, S·i + P, S·j + P]", "a:b:s, c:d:t");
}

internal sealed class Crop3D() : CropOperator(3)
{
    public override OperatorDocumentation Documentation => Document(
        "C×D×H×W → C×⌈(D − 2P)/S⌉×⌈(H − 2P)/S⌉×⌈(W − 2P)/S⌉", "y[c, k, i, j] = x[c, S·k + P, S·i + P, S·j + P]", "a:b, c:d, e:f");
}

/// <summary>The base of the layers that remove margins.</summary>
internal abstract class CropOperator(int dimensions) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Shapes;

    public sealed override string Kind => $"Crop{Arithmetic.Number(dimensions)}D";

    public sealed override string Stem => "crop";

    public sealed override IReadOnlyList<OperatorCase> Cases => dimensions switch
    {
        1 => [.. In(Sequence, "Crop1D(2, Right = 1)", "Crop1D(Left = 2)", "Crop1D(Stride = 3)")],
        2 =>
        [
            "Crop2D(1, Stride = 2)", "Crop2D(Top = 2, CropWidth = 1)", "Crop2D(1, Left = 0, StrideHeight = 3)", "Crop2D(1, Right = 3)",
            "Crop2D(CropHeight = 2, Bottom = 1, StrideWidth = 2)",
        ],
        _ =>
        [
            .. In(Volume, "Crop3D(1, Front = 0)", "Crop3D(Stride = 2)",
                "Crop3D(CropDepth = 1, CropHeight = 2, CropWidth = 0, StrideDepth = 2)",
                "Crop3D(Back = 1, Top = 2, Bottom = 1, Left = 1, Right = 1, StrideHeight = 3, StrideWidth = 2)"),
        ],
    };

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        CropAxisArguments.Each(dimensions), axes => new CropDefinition(axes));

    protected OperatorDocumentation Document(string shape, string formula, string slices) =>
        new($"[{Kind}(crop)]", shape, formula, $"x[:, :, {slices}]", $"Cropping{Arithmetic.Number(dimensions)}D");
}

/// <summary>The arguments for one axis: the margins, and the step from one element that is kept to the next.</summary>
internal sealed record CropAxisArguments(LayerAxis Axis, Argument<int> Before, Argument<int> After, Argument<int> Stride)
{
    private static readonly AxisArguments
        Margins = new(new ArgumentSpec<int>("crop", ArgumentForm.Optional, 0), DescribedPartKind.Crop, "Crop", ""),
        Strides = new(new ArgumentSpec<int>("Stride", ArgumentForm.Property, 1), DescribedPartKind.Stride, "Stride");

    public static IArgumentSource<EquatableArray<CropAxisArguments>> Each(int dimensions) =>
        new ArgumentGroup<EquatableArray<CropAxisArguments>>(
            Margins.Specs(dimensions).Concat(Strides.Specs(dimensions)),
            written => LayerAxis.Of(dimensions).Select(axis => new CropAxisArguments(
                axis, Margins.ReadBefore(written, axis), Margins.ReadAfter(written, axis), Strides.Read(written, axis)))
                .ToEquatableArray());
}

/// <summary>The elements inside of margins along the last one, two or three axes, all of them or every n-th.</summary>
/// <param name="Axes">The arguments of each axis, slowest first.</param>
internal sealed record CropDefinition(EquatableArray<CropAxisArguments> Axes) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        CroppedAxis[] axes =
        [
            .. Axes.Select(axis => new CroppedAxis(
                layer.AtLeast(0, axis.Before), layer.AtLeast(0, axis.After), layer.AtLeast(1, axis.Stride))),
        ];
        if (layer.HasErrors || !layer.HasDimensions(Axes.Count) || layer.Input is not { } input)
        {
            return null;
        }

        int[] extents = input.Extents;
        var formulas = new List<string>();
        for (int i = 0; i < axes.Length; i++)
        {
            (string formula, long left) = axes[i].Of(extents[i + 1]);
            if (left < 1)
            {
                layer.ReportTooLarge(
                    Axes[i].Before.Value > 0 ? Axes[i].Before.Name : Axes[i].After.Name, Axes[i].Axis.Name, formula, input, "Remove less");
            }

            formulas.Add(formula);
            extents[i + 1] = (int)left;
        }

        if (layer.HasErrors)
        {
            return null;
        }

        CroppedAxis Of(int fromLast) => axes.Length > fromLast ? axes[axes.Length - 1 - fromLast] : new CroppedAxis(0, 0, 1);
        return new LayerResult(
            new Cropping(Of(2), Of(1), Of(0)),
            Shape.Of(extents),
            formulas.Distinct().Count() == 1 ? formulas[0] : string.Join(", ", formulas.Select((f, i) => $"{Axes[i].Axis.Name} {f}")))
        {
            Windows = [.. axes.Select(axis => new LayerWindow(new WindowAxis(1, axis.Stride, 1, -axis.Before, -axis.After)))],
        };
    }
}

/// <summary>Which elements of an axis are kept.</summary>
internal readonly record struct CroppedAxis(int Before, int After, int Stride)
{
    /// <summary>How many elements are kept, and how this is computed.</summary>
    public (string Formula, long Left) Of(int extent)
    {
        long inside = (long)extent - Before - After, left = inside < 1 ? inside : Arithmetic.CeilingDivide(inside, Stride);
        string difference = $"{Arithmetic.Number(extent)} − {Arithmetic.Number(Before)} − {Arithmetic.Number(After)}";
        string formula = Stride == 1 || inside < 1 ? difference
            : inside % Stride == 0 ? $"({difference})/{Arithmetic.Number(Stride)}" : $"⌈({difference})/{Arithmetic.Number(Stride)}⌉";
        return ($"{formula} = {Arithmetic.Number(left)}", left);
    }

    /// <summary>The place in the input of an element of the output.</summary>
    public Index Source(Index index) => (index * Stride) + Before;

    /// <summary>Whether it changes nothing along this axis.</summary>
    public bool IsWhole => this is { Before: 0, After: 0, Stride: 1 };
}

/// <summary>A copy of some planes, rows and columns.</summary>
internal sealed record Cropping(CroppedAxis Depth, CroppedAxis Vertical, CroppedAxis Horizontal) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override bool OnlyMoves => true;

    public override Reach ReachOf(Shape input, Shape output) =>
        new(new AxisReach(1, Depth.Stride), new AxisReach(1, Vertical.Stride), new AxisReach(1, Horizontal.Stride));

    public override void Forward(LoopPass pass) =>
        pass.Step("", k => k.ForEachApart(pass.Output, at => pass.Output[at] = pass.Input[Source(at)]));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        if (!(Depth.IsWhole && Vertical.IsWhole && Horizontal.IsWhole))
        {
            pass.Clear(dx);
        }

        pass.Step("", k => k.ForEachApart(dy, at => dx[Source(at)] = dy[at]));
    }

    /// <summary>The place in the input of an element of the output.</summary>
    private ElementIndex Source(ElementIndex at) =>
        new(at.C, Depth.Source(at.Z), Vertical.Source(at.Y), Horizontal.Source(at.X));
}
