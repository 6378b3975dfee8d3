using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>
/// Elements between those of the first input, at the points that the second one holds (Jaderberg et al. 2015, section 3.3). −1 and 1 are
/// the edges of the first and the last element, or their centres. A point that is not a number counts as −1, as in PyTorch.
/// </summary>
internal sealed record GridSampling(GridSampleMode Mode, GridPaddingMode PaddingMode, bool AlignCorners) : LoopOperation
{
    /// <summary>The coefficient of cubic convolution (Keys 1981), as in PyTorch.</summary>
    private const double Cubic = -0.75;

    /// <summary>Channels that are computed together.</summary>
    private const int Together = 8;

    /// <summary>How far a point is behind an element, from 0 to 1.</summary>
    private static readonly Variable Fraction = new("t");

    public override Dependence Dependence => Dependence.All;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Everything;

    public override bool IsDifferentiable(int input) => input == 0 || Mode != GridSampleMode.Nearest;

    /// <summary>The elements beside a point along an axis: how far they are from the one before it, and what each counts.</summary>
    private IReadOnlyList<(int Offset, Expression Weight)> Taps => Mode switch
    {
        GridSampleMode.Nearest => [(0, 1)],
        GridSampleMode.Bilinear => [(0, 1 - Fraction), (1, Fraction)],
        _ => [(-1, Far(1 + Fraction)), (0, Near(Fraction)), (1, Near(1 - Fraction)), (2, Far(2 - Fraction))],
    };

    // Keys 1981, equation 4, for distances of at most 1, and of 1 to 2.
    private static Expression Near(Expression x) => ((((Cubic + 2) * x) - (Cubic + 3)) * x * x) + 1;

    private static Expression Far(Expression x) => (((((Cubic * x) - (5 * Cubic)) * x) + (8 * Cubic)) * x) - (4 * Cubic);

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output, table = Table(pass, y.Shape, differs: false);
        pass.Step("", k => ForPoints(k, pass.Inputs, y, table, differs: false, (at, corners) =>
            y[at] = Sum(corners.Select(corner => corner.Weight * corner.Read(x, at.C)))));
    }

    public override void Backward(LoopPass pass)
    {
        LoopTensor x = pass.Input, dy = pass.OutputGradient;
        LoopTensor? dx = pass.InputGradients[0], dpoints = pass.InputGradients[1];
        bool differs = dpoints is not null && Mode != GridSampleMode.Nearest;
        LoopTensor table = Table(pass, dy.Shape, differs);
        if (dx is not null)
        {
            // All points may be at one place.
            pass.Clear(dx, dy.Shape.Rows * (long)dy.Shape.Width);
        }

        if (dpoints is not null)
        {
            pass.Clear(dpoints, dy.Shape.Channels);
        }

        pass.Step("", k => ForPoints(k, pass.Inputs, dy, table, differs, (at, corners) =>
        {
            Variable own = k.Let("own", dy[at]);
            if (dx is not null)
            {
                foreach (Corner corner in corners)
                {
                    using (k.Braces())
                    {
                        dx.Add(corner.At(at.C), Expression.Select(corner.IsInside, corner.Weight * own, 0));
                    }
                }
            }

            if (differs)
            {
                Variable[] read = k.Let([.. corners.Select((corner, i) => ($"corner{Arithmetic.Number(i)}", corner.Read(x, at.C)))]);
                for (int axis = 0; axis < corners[0].Slopes.Count; axis++)
                {
                    using (k.Braces())
                    {
                        Expression slope = Sum(corners.Select((corner, i) => corner.Slopes[axis] * read[i]));
                        dpoints!.Add(Point(at, dpoints.Shape, axis), own * slope);
                    }
                }
            }
        }));
    }

    private static Expression Sum(IEnumerable<Expression> terms) => terms.Aggregate((sum, term) => sum + term);

    /// <summary>The element of the grid with a point's coordinate along an axis: 0 for x.</summary>
    private static ElementIndex Point(ElementIndex at, Shape grid, int axis) =>
        grid.Rank == 3 ? new ElementIndex(at.Y, 0, at.X, axis) : new ElementIndex(at.Z, at.Y, at.X, axis);

    /// <summary>An element beside a point.</summary>
    /// <param name="Z">Its plane; that of a place outside is moved inside.</param>
    /// <param name="IsInside">Whether there is such an element.</param>
    /// <param name="Weight">What it counts.</param>
    /// <param name="Slopes">The derivatives of the weight by the point's coordinates in the grid.</param>
    private sealed record Corner(
        Index Z, Index Y, Index X, Expression IsInside, Expression Weight, IReadOnlyList<Expression> Slopes)
    {
        public ElementIndex At(Index c) => new(c, Z, Y, X);

        public Expression Read(LoopTensor x, Index c) => Expression.Select(IsInside, x[At(c)], 0);
    }

    /// <summary>A place along an axis that counts for a point.</summary>
    private sealed record Place(Index Index, Expression IsInside, Expression Weight, Expression Slope);

    /// <summary>For each point of a row, axis and tap: an index, −1 outside, a weight, and perhaps its slope.</summary>
    private LoopTensor Table(LoopPass pass, Shape result, bool differs) =>
        pass.Temporary("table", Shape.Create((result.Rank - 1) * Taps.Count * (differs ? 3 : 2), [result.Width]));

    /// <summary>
    /// Loops over the points. Those of a row are placed first, since all channels have them in common. Then some channels are computed
    /// together: the elements of many would be as far apart as the caches' sets, and displace one another.
    /// </summary>
    /// <param name="differs">Whether derivatives by the points are needed.</param>
    /// <param name="body">Gets a point's place in the result, and the elements beside it.</param>
    private void ForPoints(
        Loops k, IReadOnlyList<LoopTensor> inputs, LoopTensor result, LoopTensor table, bool differs,
        Action<ElementIndex, IReadOnlyList<Corner>> body)
    {
        LoopTensor points = inputs[1];
        Shape from = inputs[0].Shape;
        (string Name, int Extent)[] axes = [.. new[] { ("X", from.Width), ("Y", from.Height), ("Z", from.Depth) }.Take(from.Rank - 1)];
        int parts = differs ? 3 : 2;
        ElementIndex Entry(int axis, int tap, int part) =>
            new((((axis * Taps.Count) + tap) * parts) + part, 0, 0, new IndexVariable("x"));
        k.ForLanes(() => k.For(k.LoopsAlong(result, Axes.Depth | Axes.Height), () =>
        {
            k.For(k.LoopsAlong(result, Axes.Width), () =>
            {
                for (int axis = 0; axis < axes.Length; axis++)
                {
                    Expression point = points[Point(new ElementIndex(0), points.Shape, axis)];
                    IReadOnlyList<(Expression Index, Expression Weight, Expression Slope)> taps =
                        Along(k, axes[axis].Name, axes[axis].Extent, point, differs);
                    for (int tap = 0; tap < taps.Count; tap++)
                    {
                        table[Entry(axis, tap, 0)] = taps[tap].Index;
                        table[Entry(axis, tap, 1)] = taps[tap].Weight;
                        if (differs)
                        {
                            table[Entry(axis, tap, 2)] = taps[tap].Slope;
                        }
                    }
                }
            });
            int channels = result.Shape.Channels;
            var group = new SumLoop("group", Arithmetic.CeilingDivide(channels, Together));
            k.For([group, .. k.LoopsAlong(result, Axes.Width)], () =>
            {
                Place Read(int axis, int tap)
                {
                    string name = axes[axis].Name + Arithmetic.Number(tap);
                    Variable index = k.Let("index" + name, table[Entry(axis, tap, 0)]);
                    Index place = k.LetInt("place" + name, Index.Clamp(Index.Truncate(index), 0, axes[axis].Extent - 1));
                    return new Place(
                        place, index >= 0, k.Let("weight" + name, table[Entry(axis, tap, 1)]),
                        differs ? k.Let("slope" + name, table[Entry(axis, tap, 2)]) : 0);
                }

                IReadOnlyList<Place>[] places =
                    [.. axes.Select((_, axis) => (Place[])[.. Enumerable.Range(0, Taps.Count).Select(tap => Read(axis, tap))])];
                IReadOnlyList<Corner> corners = Corners(places);
                Index first = group.Variable * Together;
                var c = new IndexVariable("c");
                var loop = new SumLoop(c, first, Index.Min(first + Together, channels), Together);
                k.For([loop], () => body(new ElementIndex(c), corners));
            });
        }));
    }

    /// <summary>All combinations of places along the axes.</summary>
    private static IReadOnlyList<Corner> Corners(IReadOnlyList<Place>[] places)
    {
        IEnumerable<Place[]> all = [[]];
        foreach (IReadOnlyList<Place> axis in Enumerable.Reverse(places))
        {
            all = all.SelectMany(slower => axis.Select(place => (Place[])[place, .. slower]));
        }

        Expression Product(IEnumerable<Expression> factors) => factors.Aggregate((product, factor) => product * factor);
        return [.. all.Select(at => new Corner(
            at.Length > 2 ? at[2].Index : 0, at[1].Index, at[0].Index,
            at.Select(place => place.IsInside).Aggregate((one, other) => one & other), Product(at.Select(place => place.Weight)),
            [.. at.Select((_, i) => Product(at.Select((place, j) => i == j ? place.Slope : place.Weight)))]))];
    }

    /// <summary>The elements beside a point along an axis: their indices, −1 outside, their weights, and these weights' slopes.</summary>
    private IReadOnlyList<(Expression Index, Expression Weight, Expression Slope)> Along(
        Loops k, string axis, int extent, Expression coordinate, bool differs)
    {
        Variable point = k.Let("point" + axis, coordinate);
        Expression isNumber = Expression.AreEqual(point, point);
        Variable number = k.Let("number" + axis, Expression.Select(isNumber, point, -1));

        // From the grid's numbers to indices.
        double scale = AlignCorners ? (extent - 1) / 2.0 : extent / 2.0;
        Variable free = k.Let("free" + axis, AlignCorners ? (number + 1) * scale : (((number + 1) * extent) - 1) * 0.5);
        (Expression padded, Expression slope) = Mode == GridSampleMode.Bicubic ? (free, 1) : Padded(k, axis, extent, free);
        Variable position = k.Let("position" + axis, padded);
        Variable first = k.Let(
            "first" + axis, Mode == GridSampleMode.Nearest ? Functions.Round(position) : Functions.Floor(position));
        Variable fraction = k.Let("fraction" + axis, position - first);
        Expression rise = differs ? k.Let("rise" + axis, Expression.Select(isNumber, slope * scale, 0)) : slope;
        return [.. Taps.Select((tap, i) =>
        {
            string name = axis + Arithmetic.Number(i);
            Variable place = k.Let("place" + name, Mode == GridSampleMode.Bicubic
                ? Padded(k, name, extent, first + tap.Offset).Value : first + tap.Offset);
            Expression index = Expression.Select((place >= 0) & (place <= extent - 1), place, -1);
            return (index, tap.Weight.Replace(Fraction, fraction), !differs ? 0
                : Differentiation.Gradient(tap.Weight, Fraction, rise).Replace(Fraction, fraction));
        })];
    }

    /// <summary>Where an index along an axis is taken from, and the derivative of that by the index.</summary>
    private (Expression Value, Expression Slope) Padded(Loops k, string name, int extent, Expression index)
    {
        switch (PaddingMode)
        {
            case GridPaddingMode.Border:
                Variable outer = k.Let("outer" + name, index);
                return Clipped(k, name, extent, outer, 1);
            case GridPaddingMode.Reflection:
                return Reflected(k, name, extent, index);
            default:
                return (index, 1);
        }
    }

    /// <summary>At the borders themselves, PyTorch's derivative is 0.</summary>
    private static (Expression Value, Expression Slope) Clipped(Loops k, string name, int extent, Variable index, Expression slope)
    {
        Variable least = k.Let("least" + name, Expression.Select(index > 0, index, 0));
        return (
            Expression.Select(least < extent - 1, least, extent - 1), Expression.Select((index > 0) & (index < extent - 1), slope, 0));
    }

    /// <summary>Reflects at the edges of the first and the last element, or at their centres, as often as needed.</summary>
    private (Expression Value, Expression Slope) Reflected(Loops k, string name, int extent, Expression index)
    {
        (double low, double span) = AlignCorners ? (0, extent - 1) : (-0.5, extent);
        if (span == 0)
        {
            return (0, 0);
        }

        Variable beyond = k.Let("beyond" + name, index - low), distance = k.Let("distance" + name, Functions.Abs(beyond));
        Variable turns = k.Let("turns" + name, Functions.Floor(distance / span));
        Variable rest = k.Let("rest" + name, distance - (turns * span));
        Variable isForth = k.Let("isForth" + name, Expression.AreEqual(turns, Functions.Floor(turns * 0.5) * 2));
        Variable mirrored = k.Let("mirrored" + name, Expression.Select(isForth, rest + low, (span + low) - rest));
        Expression sign = Expression.Select(beyond < 0, -1, 1);
        return Clipped(k, name, extent, mirrored, Expression.Select(isForth, sign, -sign));
    }
}
