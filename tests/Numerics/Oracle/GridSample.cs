using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Elements between those of the first tensor, at the points that the second one holds.</summary>
internal sealed record GridSample(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    public string Mode { get; init; } = "Bilinear";

    public string PaddingMode { get; init; } = "Zeros";

    public bool AlignCorners { get; init; }

    private string Arguments => string.Join(", ", new[]
    {
        Mode == "Bilinear" ? "" : $"Mode = GridSampleMode.{Mode}",
        PaddingMode == "Zeros" ? "" : $"PaddingMode = GridPaddingMode.{PaddingMode}",
        AlignCorners ? "AlignCorners = true" : "",
    }.Where(argument => argument.Length > 0));

    public override string Attribute => Arguments.Length == 0 ? "GridSample" : $"GridSample({Arguments})";

    public override string Joining(string names) =>
        Arguments.Length == 0 ? $"GridSample({names})" : $"GridSample({names}, {Arguments})";

    /// <summary>An element at a point: its place in a channel, its weight, and the derivatives by the point's indices.</summary>
    private readonly record struct Tap(int Place, double Weight, double[] Slopes);

    protected override Extents Joined(Extents[] branches)
    {
        if (branches.Length != 2 || branches[0].Rank < 3 || branches[1].Rank != branches[0].Rank
            || branches[1].Width != branches[0].Rank - 1 || (Mode == "Bicubic" && branches[0].Rank == 4))
        {
            return default;
        }

        (Extents x, Extents grid) = (branches[0], branches[1]);
        return x.Rank == 3 ? Extents.Image(x.Channels, grid.Channels, grid.Height)
            : Extents.Volume(x.Channels, grid.Channels, grid.Depth, grid.Height);
    }

    protected override void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y)
    {
        int size = inputs[0].Positions, points = y.Length / inputs[0].Channels;
        for (int i = 0; i < points; i++)
        {
            (double[] at, double[] variances) = Position(inputs[0], branches[1], i);
            for (int c = 0; c < inputs[0].Channels; c++)
            {
                double Value(double[] place) => Taps(inputs[0], place).Sum(tap => tap.Weight * branches[0].Value[(c * size) + tap.Place]);
                var sum = new Sums(1);
                foreach (Tap tap in Taps(inputs[0], at))
                {
                    int from = (c * size) + tap.Place;
                    sum.Add(0, tap.Weight, OfWeight(tap, variances), branches[0].Value[from], branches[0].Variance[from]);
                }

                double own = Value(at);
                sum.Add(0, 0, Beside(inputs[0], at, variances).Sum(other => Numbers.EitherWay(Value(other) - own)));
                Store(sum, y, (c * points) + i);
            }
        }
    }

    protected override void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        int size = inputs[0].Positions, points = dy.Length / inputs[0].Channels, axes = inputs[0].Rank - 1;
        (Sums ofX, Sums ofGrid) = (new(gradients[0].Length), new(gradients[1].Length));
        for (int i = 0; i < points; i++)
        {
            (double[] at, double[] variances) = Position(inputs[0], branches[1], i);
            Tap[] taps = Taps(inputs[0], at);
            Tap[][] beside = [.. Beside(inputs[0], at, variances).Select(other => Taps(inputs[0], other))];
            for (int c = 0; c < inputs[0].Channels; c++)
            {
                (double gradient, double variance) = (dy.Value[(c * points) + i], dy.Variance[(c * points) + i]);
                foreach (Tap tap in taps)
                {
                    ofX.Add((c * size) + tap.Place, tap.Weight, OfWeight(tap, variances), gradient, variance);
                }

                foreach (Tap[] others in beside)
                {
                    foreach (int place in taps.Concat(others).Select(tap => tap.Place).Distinct())
                    {
                        double Weight(Tap[] from) => from.Where(tap => tap.Place == place).Sum(tap => tap.Weight);
                        ofX.Add((c * size) + place, 0, Numbers.HereOrThere((Weight(others) - Weight(taps)) * gradient));
                    }
                }

                for (int axis = 0; axis < axes; axis++)
                {
                    double Slope(Tap[] from) => from.Sum(tap => tap.Slopes[axis] * branches[0].Value[(c * size) + tap.Place]);
                    double scale = Scale(Extent(inputs[0], axis)), own = Slope(taps);
                    foreach (Tap tap in taps)
                    {
                        int from = (c * size) + tap.Place;
                        double carried = Numbers.OfProduct(
                            tap.Slopes[axis], OfSlope(variances), branches[0].Value[from], branches[0].Variance[from]);
                        ofGrid.Add(
                            (i * axes) + axis, tap.Slopes[axis] * branches[0].Value[from], carried, scale * gradient,
                            scale * scale * variance);
                    }

                    double jumps = beside.Sum(other => Numbers.HereOrThere((Slope(other) - own) * scale * gradient));
                    ofGrid.Add((i * axes) + axis, 0, jumps);
                }
            }
        }

        ofX.Store(gradients[0]);
        if (Mode != "Nearest")
        {
            ofGrid.Store(gradients[1]);
        }
    }

    private static void Store(Sums sum, Numbers destination, int index)
    {
        var one = new Numbers(1);
        sum.Store(one);
        (destination.Value[index], destination.Variance[index]) = (one.Value[0], one.Variance[0]);
    }

    /// <summary>The roundings of a weight, or a product of three, and those of the point.</summary>
    private double OfWeight(Tap tap, double[] variances) =>
        tap.Slopes.Select((slope, axis) => slope * slope * variances[axis]).Sum() + Rounding;

    /// <summary>A slope changes at most as the second derivative says: by 1 of a product of linear functions, by 6 of cubic ones.</summary>
    private double OfSlope(double[] variances) => (variances.Sum() * (Mode == "Bicubic" ? 36 : 1)) + Rounding;

    private double Rounding => Mode == "Nearest" ? 0 : Square((Mode == "Bicubic" ? 16 : 4) * Numbers.U);

    private static int Extent(Extents input, int axis) => axis switch { 0 => input.Width, 1 => input.Height, _ => input.Depth };

    private double Scale(int extent) => AlignCorners ? (extent - 1) / 2.0 : extent / 2.0;

    /// <summary>The indices at a point along each axis, x first, and their variances.</summary>
    private (double[] At, double[] Variances) Position(Extents input, Numbers grid, int point)
    {
        int axes = input.Rank - 1;
        double[] at = new double[axes], variances = new double[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            int extent = Extent(input, axis), own = (point * axes) + axis;
            double scale = Scale(extent);
            at[axis] = ((grid.Value[own] + 1) * scale) - (AlignCorners ? 0 : 0.5);
            double rounding = 4 * Numbers.U * (Math.Abs(at[axis]) + extent);
            variances[axis] = (scale * scale * grid.Variance[own]) + (rounding * rounding);
        }

        return (at, variances);
    }

    /// <summary>Points to which single precision may have moved this one, along an axis beyond a kink.</summary>
    private IEnumerable<double[]> Beside(Extents input, double[] at, double[] variances)
    {
        for (int axis = 0; axis < at.Length; axis++)
        {
            foreach (int side in new[] { -1, 1 })
            {
                double[] other = [.. at];
                other[axis] += side * Numbers.KinkReach * Math.Sqrt(variances[axis]);
                if (Signature(Extent(input, axis), at[axis]) != Signature(Extent(input, axis), other[axis]))
                {
                    yield return other;
                }
            }
        }
    }

    /// <summary>What changes where the function has a kink.</summary>
    private (double First, double Clip) Signature(int extent, double at)
    {
        double moved = Mode == "Bicubic" ? at : Padded(extent, at).Value;
        return (Mode == "Nearest" ? Math.Round(moved) : Math.Floor(moved), Mode == "Bicubic" ? 0 : Padded(extent, at).Slope);
    }

    private Tap[] Taps(Extents input, double[] at)
    {
        List<(int Index, double Weight, double Slope)>[] axes =
            [.. at.Select((place, axis) => Along(Extent(input, axis), place).Where(tap => tap.Index >= 0).ToList())];
        var taps = new List<Tap>();
        foreach (var z in axes.Length > 2 ? axes[2] : [(0, 1.0, 0.0)])
        {
            foreach (var y in axes[1])
            {
                foreach (var x in axes[0])
                {
                    double[] slopes = [x.Slope * y.Weight * z.Item2, x.Weight * y.Slope * z.Item2, x.Weight * y.Weight * z.Item3];
                    taps.Add(new Tap(
                        (((z.Item1 * input.Height) + y.Index) * input.Width) + x.Index, x.Weight * y.Weight * z.Item2,
                        [.. slopes.Take(at.Length)]));
                }
            }
        }

        return [.. taps];
    }

    /// <summary>The places along an axis that count, with weights and their derivatives; index −1 for those outside.</summary>
    private IEnumerable<(int Index, double Weight, double Slope)> Along(int extent, double at)
    {
        if (Mode == "Bicubic")
        {
            double first = Math.Floor(at), t = at - first;
            (double Weight, double Slope)[] weights = [Far(1 + t, 1), Near(t, 1), Near(1 - t, -1), Far(2 - t, -1)];
            for (int i = 0; i < 4; i++)
            {
                yield return (Inside(Padded(extent, first - 1 + i).Value, extent), weights[i].Weight, weights[i].Slope);
            }

            yield break;
        }

        (double place, double slope) = Padded(extent, at);
        if (Mode == "Nearest")
        {
            yield return (Inside(Math.Round(place), extent), 1, 0);
            yield break;
        }

        double low = Math.Floor(place);
        yield return (Inside(low, extent), 1 - (place - low), -slope);
        yield return (Inside(low + 1, extent), place - low, slope);
    }

    private static int Inside(double place, int extent) => place >= 0 && place < extent ? (int)place : -1;

    /// <summary>Keys' polynomials with a = −3/4, and their derivatives times a sign.</summary>
    private static (double Weight, double Slope) Near(double x, int sign) =>
        ((1.25 * x * x * x) - (2.25 * x * x) + 1, sign * ((3.75 * x * x) - (4.5 * x)));

    private static (double Weight, double Slope) Far(double x, int sign) =>
        ((-0.75 * x * x * x) + (3.75 * x * x) - (6 * x) + 3, sign * ((-2.25 * x * x) + (7.5 * x) - 6));

    private (double Value, double Slope) Padded(int extent, double at)
    {
        if (PaddingMode == "Zeros")
        {
            return (at, 1);
        }

        double slope = 1;
        if (PaddingMode == "Reflection")
        {
            (double low, double span) = AlignCorners ? (0, extent - 1) : (-0.5, (double)extent);
            if (span == 0)
            {
                return (0, 0);
            }

            // One period is there and back.
            double beyond = at - low, rest = Math.Abs(beyond) % (2 * span);
            slope = (beyond < 0 ? -1 : 1) * (rest < span ? 1 : -1);
            at = low + (rest < span ? rest : (2 * span) - rest);
        }

        return at <= 0 ? (0, 0) : at >= extent - 1 ? (extent - 1, 0) : (at, slope);
    }
}
