using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>The surface's <c>GridSampleMode</c>, by number.</summary>
internal enum GridSampleMode
{
    Bilinear,
    Nearest,
    Bicubic,
}

/// <summary>The surface's <c>GridPaddingMode</c>, by number.</summary>
internal enum GridPaddingMode
{
    Zeros,
    Border,
    Reflection,
}

internal sealed class GridSample : Join
{
    public override string Kind => "GridSample";

    public override OperatorFamily Family => OperatorFamily.Sampling;

    public override string Stem => "grid_sample";

    public override OperatorDocumentation Documentation => new(
        "[GridSample(\"x\", \"grid\")]", "C×H×W, grid H′×W′×2 → C×H′×W′; volumes: D′×H′×W′×3",
        "y[c, i, j] = x[c] at the point grid[i, j]", "F.grid_sample", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. Modes.Select(arguments => (OperatorCase)$"{Grid}, GridSample({arguments})"),
        "Buffer(3, 4, 2, Initial = 0.3, Name = \"grid\"), GridSample(\"input\", \"grid\")",
        .. Modes.Where(arguments => !arguments.Contains("Bicubic")).SelectMany(arguments => In(Volume,
            $"Branch, Branch, Conv3D(3, 1), Transpose(2, 3, 4, 1), GridSample({arguments})")),
    ];

    private const string Grid = "Branch, Branch, Conv2D(4, 1), Transpose(2, 3, 1), Slice(0, 2, Axis = Axes.Width)";

    private static IEnumerable<string> Modes
    {
        get
        {
            string[] modes = ["", "Mode = GridSampleMode.Nearest", "Mode = GridSampleMode.Bicubic"];
            string[] paddings = ["", "PaddingMode = GridPaddingMode.Border", "PaddingMode = GridPaddingMode.Reflection"];
            string[] aligns = ["", "AlignCorners = true"];
            return from mode in modes
                   from padding in paddings
                   from align in aligns
                   select string.Join(", ", Enumerable.Where([mode, padding, align], argument => argument.Length > 0));
        }
    }

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Mode", GridSampleMode.Bilinear), Property("PaddingMode", GridPaddingMode.Zeros), Property("AlignCorners", false),
        (mode, padding, align) => new GridSampleDefinition(mode, padding, align));
}

/// <summary>Elements between those of the first tensor, at the points that the second one holds.</summary>
internal sealed record GridSampleDefinition(
    Argument<GridSampleMode> Mode, Argument<GridPaddingMode> PaddingMode, Argument<bool> AlignCorners) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        (GridSampleMode mode, GridPaddingMode padding) = (layer.OneOf(Mode), layer.OneOf(PaddingMode));
        if (layer.Two("the elements, and the points") is not (var from, var grid))
        {
            return null;
        }

        int axes = from.Rank - 1;
        if (axes is not (2 or 3) || grid.Rank != from.Rank || grid.Width != axes)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.Here, $"points of {grid} do not suit {from}",
                "An image takes a grid of height×width×2, and a volume one of depth×height×width×3: x, y and z from −1 to 1. "
                + "[Transpose] puts channels last"));
            return null;
        }

        if (mode == GridSampleMode.Bicubic && axes == 3)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Mode.Name), $"its input, {from}, is a volume",
                "Bicubic interpolation is for images; take GridSampleMode.Bilinear"));
            return null;
        }

        Shape output = axes == 2 ? Shape.Create(from.Channels, [grid.Channels, grid.Height])
            : Shape.Create(from.Channels, [grid.Channels, grid.Depth, grid.Height]);
        return new LayerResult(new GridSampling(mode, padding, AlignCorners.Value), output);
    }
}
