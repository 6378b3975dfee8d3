using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>The surface's <c>Axes</c>, by number.</summary>
[Flags]
internal enum Axes
{
    None = 0,
    Channels = 1,
    Depth = 2,
    Height = 4,
    Width = 8,
    Pixels = Depth | Height | Width,
    All = Channels | Pixels,
}

/// <summary>Some of the axes of a sample: shapes without them, and loops along them.</summary>
internal static class AxisSets
{
    private static readonly Axes[] InOrder = [Axes.Channels, Axes.Depth, Axes.Height, Axes.Width];

    /// <summary>Whether a set contains an axis.</summary>
    public static bool Has(this Axes axes, Axes axis) => (axes & axis) != 0;

    /// <summary>
    /// Which inputs an element depends on if all elements along some axes are computed together, from nothing but each other.
    /// </summary>
    public static Dependence DependenceAlong(Axes axes) => !axes.Has(Axes.Channels) ? Dependence.Channel
        : axes == Axes.Channels ? Dependence.Pixel : Dependence.All;

    /// <summary>Which positions a position depends on then.</summary>
    public static Reach ReachAlong(Axes axes, Shape input)
    {
        AxisReach Axis(Axes axis) => (axes.Has(axis) || input.Rank == 1 ? Reach.Everything : Reach.Place).Depth;
        return new Reach(Axis(Axes.Depth), Axis(Axes.Height), Axis(Axes.Width));
    }

    /// <summary>The axes of a shape.</summary>
    public static Axes Of(Shape shape) => shape.Rank switch
    {
        1 => Axes.Channels,
        2 => Axes.Channels | Axes.Width,
        3 => Axes.Channels | Axes.Height | Axes.Width,
        _ => Axes.All,
    };

    /// <summary>Each axis of a shape, slowest first.</summary>
    public static IEnumerable<Axes> Each(Shape shape) => InOrder.Where(axis => Of(shape).Has(axis));

    /// <summary>
    /// The axes of the layer's input that an argument names. An axis that the input does not have is reported. If the input is not known,
    /// the result is null.
    /// </summary>
    public static Axes? AxesOf(this LayerContext layer, Argument<Axes> argument)
    {
        Axes axes = layer.SomeOf(argument);
        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        // Pixels are as many axes as there are.
        Axes own = Of(input), missing = axes & ~own;
        bool hasPixels = own.Has(Axes.Pixels), namesPixels = (axes & Axes.Pixels) == Axes.Pixels;
        if (missing == Axes.None || (namesPixels && hasPixels) || axes == Axes.All)
        {
            return axes & own;
        }

        IEnumerable<string> absent = namesPixels ? ["pixels"]
            : InOrder.Where(axis => missing.Has(axis)).Select(axis => axis.ToString().ToLowerInvariant());
        layer.Report(ArgumentProblems.Unsupported(
            layer.At(argument.Name), $"its input, {input}, has no {string.Join(" and no ", absent)}",
            $"Choose from {string.Join(", ", Each(input).Select(axis => $"Axes.{axis}"))}"));
        return null;
    }

    /// <summary>The shape with an extent of 1 along some axes.</summary>
    public static Shape Flattened(this Shape shape, Axes axes) => shape with
    {
        Channels = axes.Has(Axes.Channels) ? 1 : shape.Channels,
        Depth = axes.Has(Axes.Depth) ? 1 : shape.Depth,
        Height = axes.Has(Axes.Height) ? 1 : shape.Height,
        Width = axes.Has(Axes.Width) ? 1 : shape.Width,
    };

    /// <summary>
    /// The shape without some axes. The first axis that is left becomes the channels. If none is left, it is one feature.
    /// </summary>
    public static Shape Without(this Shape shape, Axes axes)
    {
        int[] extents = [.. Each(shape).Where(axis => !axes.Has(axis)).Select(axis => shape.Extent(axis))];
        return extents.Length == 0 ? Shape.Vector(1) : Shape.Of(extents);
    }

    /// <summary>The number of elements along some axes.</summary>
    public static int Count(this Shape shape, Axes axes) =>
        InOrder.Where(axis => axes.Has(axis)).Aggregate(1, (product, axis) => checked(product * shape.Extent(axis)));

    /// <summary>The extents of some axes, slowest first.</summary>
    public static IEnumerable<int> ExtentsOf(this Shape shape, Axes axes) =>
        Each(shape).Where(axis => axes.Has(axis)).Select(axis => shape.Extent(axis));

    /// <summary>The number of an element among those along some axes, in the order of the axes.</summary>
    public static Index Number(this Shape shape, Axes axes, ElementIndex at)
    {
        Axes[] own = [.. InOrder.Where(axis => axes.Has(axis))];
        return Index.Sum([.. own.Select((axis, i) =>
            (at.Along(axis), own.Skip(i + 1).Aggregate(1, (stride, faster) => checked(stride * shape.Extent(faster)))))]);
    }

    /// <summary>The column at an index along each of the axes that are the columns together.</summary>
    public static Index Column(this Shape shape, IReadOnlyList<Index> at)
    {
        int[] extents = shape.ColumnAxes;
        return at.Count == 1 ? at[0]
            : Index.Sum([.. at.Select((index, i) => (index, extents.Skip(i + 1).Aggregate(1, (product, extent) => product * extent)))]);
    }

    /// <summary>An element's index along an axis.</summary>
    public static Index Along(this ElementIndex at, Axes axis) => axis switch
    {
        Axes.Channels => at.C,
        Axes.Depth => at.Z,
        Axes.Height => at.Y,
        _ => at.X,
    };

    /// <summary>The element with index 0 along some axes.</summary>
    public static ElementIndex First(this ElementIndex at, Axes axes) => new(
        axes.Has(Axes.Channels) ? 0 : at.C, axes.Has(Axes.Depth) ? 0 : at.Z, axes.Has(Axes.Height) ? 0 : at.Y,
        axes.Has(Axes.Width) ? 0 : at.X);

    /// <summary>The loops along some axes of a tensor. The variables are <c>c</c>, <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    public static IReadOnlyList<SumLoop> LoopsAlong(this Loops k, LoopTensor tensor, Axes axes)
    {
        IReadOnlyList<SumLoop> pixels = k.PixelLoops(tensor);
        SumLoop[] all = [new("c", k.Channels(tensor)), .. pixels];
        return [.. all.Where((_, i) => axes.Has(InOrder[i]))];
    }

    /// <summary>
    /// Loops along all axes of a tensor but some. Threads may share the channels if the loops are along them. The body gets the element at
    /// the variables <c>c</c>, <c>z</c>, <c>y</c> and <c>x</c>, of which those along the other axes are not set yet.
    /// </summary>
    public static void ForOthers(this Loops k, LoopTensor tensor, Axes axes, Action<ElementIndex> body)
    {
        Axes pixels = Axes.Pixels & ~axes;
        if (axes.Has(Axes.Channels))
        {
            k.For(k.LoopsAlong(tensor, pixels), () => body(new ElementIndex(new IndexVariable("c"))));
        }
        else
        {
            k.ForChannels(tensor, c => k.For(k.LoopsAlong(tensor, pixels), () => body(new ElementIndex(c))));
        }
    }

    /// <summary>
    /// The axis of the layer's input that an argument names. Several axes, or one that the input does not have, are reported. If the input
    /// is not known, the result is null.
    /// </summary>
    public static Axes? AxisOf(this LayerContext layer, Argument<Axes> argument)
    {
        if (argument.Value is Axes.Channels or Axes.Depth or Axes.Height or Axes.Width)
        {
            return layer.AxesOf(argument);
        }

        layer.Report(ArgumentProblems.OutOfRange(
            layer.At(argument.Name), argument.Name, argument.Value == Axes.None ? "no axis" : $"{argument.Value}", "one axis"));
        return null;
    }

    /// <summary>What messages call an axis of a shape: <c>channels</c>.</summary>
    public static string NameOf(this Shape shape, Axes axis) => axis switch
    {
        Axes.Channels => shape.Rank == 1 ? "features" : "channels",
        Axes.Depth => "depth",
        Axes.Height => "height",
        _ => shape.Rank == 2 ? "length" : "width",
    };

    /// <summary>The shape with another extent along an axis.</summary>
    public static Shape With(this Shape shape, Axes axis, int extent) => axis switch
    {
        Axes.Channels => shape with { Channels = extent },
        Axes.Depth => shape with { Depth = extent },
        Axes.Height => shape with { Height = extent },
        _ => shape with { Width = extent },
    };

    /// <summary>The element with another index along an axis.</summary>
    public static ElementIndex With(this ElementIndex at, Axes axis, Index index) => axis switch
    {
        Axes.Channels => at with { C = index },
        Axes.Depth => at with { Z = index },
        Axes.Height => at with { Y = index },
        _ => at with { X = index },
    };

    /// <summary>An element's index, further along an axis.</summary>
    public static ElementIndex Moved(this ElementIndex at, Axes axis, int by) => at.With(axis, at.Along(axis) + by);

    /// <summary>The extent along an axis.</summary>
    public static int Extent(this Shape shape, Axes axis) => axis switch
    {
        Axes.Channels => shape.Channels,
        Axes.Depth => shape.Depth,
        Axes.Height => shape.Height,
        _ => shape.Width,
    };
}
