using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Softmax along the channels, for vectors whose lanes are samples or neighbouring pixels. The largest logit is subtracted
/// first, so that no exponential overflows.
/// </summary>
/// <param name="Channels">Number of classes.</param>
/// <param name="Grid">The pixels (its channels are 1).</param>
internal sealed record SoftmaxKernel(Tier Tier, int Channels, VectorGrid Grid, Strides Input, Strides Output) : Kernel(Tier)
{
    public override string Summary => "Softmax along the channels, vector by vector";

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        Grid.Record(k, at =>
        {
            Pointer x = k.PointTo("x", at.In(input, Input)), y = k.PointTo("y", at.In(output, Output));
            (_, Variable sum) = RecordShiftedExponentials(k, x, y, Channels, Input.Channel, Output.Channel);
            Variable scale = k.Let("scale", 1 / sum);
            using (k.For("c", Channels, out IndexVariable c))
            {
                Pointer target = k.PointTo("target", y[Index.Sum((c, Output.Channel))]);
                Variable probability = k.Let("probability", target[0].Vector * scale);
                k.Store(target, at.Mask(probability));
            }
        });
    }

    /// <summary>Writes exp(x − max) to <paramref name="y"/>, and gives the maximum and the sum.</summary>
    public static (Variable Largest, Variable Sum) RecordShiftedExponentials(
        KernelBuilder k, Pointer x, Pointer y, int channels, int inputPitch, int outputPitch)
    {
        Variable largest = k.Let("largest", x[0].Vector);
        using (k.For("c", 1, channels, 1, out IndexVariable c))
        {
            k.Set(largest, Max(largest, x[Index.Sum((c, inputPitch))].Vector));
        }

        var loop = new SumLoop("c", channels);
        Variable[] sum = new BlockedSum([loop], "sum").Record(k, sums =>
        {
            Variable term = k.Let("term", Exp(x[Index.Sum((loop.Variable, inputPitch))].Vector - largest));
            k.Store(y[Index.Sum((loop.Variable, outputPitch))], term);
            k.Increase(sums[0], term);
        });
        return (largest, sum[0]);
    }
}

/// <summary>
/// Softmax along rows, whose elements are in the lanes of vectors. The largest element is subtracted first. As many rows as a vector has
/// lanes are computed together: their exponentials are transposed, and added one after the other as with samples in lanes, so that a
/// sample's result is the same to the bit.
/// </summary>
/// <param name="Channels">Number of channels.</param>
/// <param name="Rows">The rows of a channel.</param>
/// <param name="Width">The elements of a row.</param>
internal sealed record RowSoftmaxKernel(Tier Tier, int Channels, int Rows, int Width, Strides Input, Strides Output) : Kernel(Tier)
{
    /// <summary>The floats of the exponentials of an item's rows.</summary>
    public int Terms => Group * Pitch;

    /// <summary>The floats of the same with rows in lanes, and of the reciprocals of their sums.</summary>
    public int Scratch => (Width + 1) * Tier.Lanes;

    public override string Summary => $"Softmax along rows, {Count(Group, "row")} at a time";

    private int Group => Math.Min(Rows, Tier.Lanes);

    private int Pitch => Tier.RoundUp(Width);

    private int Groups => Arithmetic.CeilingDivide(Rows, Group);

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Tiles, Channels * Groups);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output"), terms = k.Parameter("terms"), panel = k.Parameter("panel");
        int vectors = Width / Tier.Lanes, whole = vectors * Tier.Lanes, rest = Width - whole;
        Variable? tail = rest > 0 ? k.Let("tail", Intrinsics.LanesBefore(Constant.Single(rest))) : null;
        using (k.Items(out Index[] at, ("c", Channels, 1), ("group", Groups, 1)))
        {
            Index start = Index.Sum((at[1], Group));
            Index count = Rows % Group == 0 ? Group : k.LetInt("present", Index.Min(Group, Number.Named(Rows, "rows") - start));
            Pointer xs = k.PointTo("xs", input[Index.Sum((at[0], Input.Channel), (start, Input.Row))]);
            Pointer ys = k.PointTo("ys", output[Index.Sum((at[0], Output.Channel), (start, Output.Row))]);
            using (Each(k, count, out Index row))
            {
                Pointer x = k.PointTo("x", xs[Index.Sum((row, Input.Row))]), e = k.PointTo("e", terms[Index.Sum((row, Pitch))]);
                Variable? last = tail is null
                    ? null : k.Let("last", Expression.Select(tail, x[whole].Vector, new Constant(float.NegativeInfinity)));
                Variable largest = k.Let("largest", (Expression?)last ?? x[0].Vector);
                ForVectors(k, vectors, i => k.Set(largest, Max(largest, x[i].Vector)));
                FlatSoftmaxKernel.RecordLargestLane(k, largest);
                ForVectors(k, vectors, i => k.Store(e[i], Exp(x[i].Vector - largest)));
                if (last is not null)
                {
                    k.Store(e[whole], Exp(last - largest));
                }
            }

            k.Run(RuntimeApi.Pack(Tier.Lanes).Call(
                new AddressOf(terms[0]), Number.Named(Pitch, "pitch"), count, Number.Named(Width, "width"), new AddressOf(panel[0])));
            var loop = new SumLoop("i", Width);
            Variable sum = new BlockedSum([loop], "sum").Record(
                k, sums => k.Increase(sums[0], panel[loop.Variable * Tier.Lanes].Vector))[0];
            Pointer scales = k.PointTo("scales", panel[Index.Sum((Number.Named(Width, "width"), Tier.Lanes))]);
            k.Store(scales[0], 1 / sum);
            using (Each(k, count, out Index row))
            {
                Pointer y = k.PointTo("y", ys[Index.Sum((row, Output.Row))]), e = k.PointTo("e", terms[Index.Sum((row, Pitch))]);
                Variable scale = k.Let("scale", scales[row].Broadcast);
                ForVectors(k, vectors, i => k.Store(y[i], e[i].Vector * scale));
                if (tail is not null)
                {
                    k.Store(y[whole], tail & (e[whole].Vector * scale));
                }
            }
        }
    }

    /// <summary>A loop over the rows of an item.</summary>
    private KernelBuilder.Scope Each(KernelBuilder k, Index count, out Index row)
    {
        if (Group == 1)
        {
            row = 0;
            return k.Braces();
        }

        KernelBuilder.Scope scope = k.For("row", 0, count, 1, out IndexVariable variable);
        row = variable;
        return scope;
    }

    private void ForVectors(KernelBuilder k, int vectors, Action<Index> body)
    {
        if (vectors > 0)
        {
            using (k.For("i", 0, vectors * Tier.Lanes, Tier.Lanes, out IndexVariable i))
            {
                body(i);
            }
        }
    }
}

/// <summary>Backward of softmax along rows, whose elements are in the lanes of vectors: dx = y (g − Σ g y).</summary>
/// <param name="Channels">Number of channels.</param>
/// <param name="Rows">The rows of a channel.</param>
/// <param name="Width">The elements of a row.</param>
internal sealed record RowSoftmaxGradientKernel(
    Tier Tier, int Channels, int Rows, int Width, Strides Output, Strides Gradient, Strides Target) : Kernel(Tier)
{
    public override string Summary => "Gradient of softmax along rows: y (g − Σ g y)";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Tiles, Channels * Rows);

    protected override void Record(KernelBuilder k)
    {
        Pointer output = k.Parameter("output"), gradient = k.Parameter("gradient"), target = k.Parameter("target");
        int vectors = Width / Tier.Lanes, whole = vectors * Tier.Lanes, rest = Width - whole;
        Variable? tail = rest > 0 ? k.Let("tail", Intrinsics.LanesBefore(Constant.Single(rest))) : null;
        using (k.Items(out Index[] at, ("c", Channels, 1), ("row", Rows, 1)))
        {
            Pointer Row(string name, Pointer tensor, Strides strides) =>
                k.PointTo(name, tensor[Index.Sum((at[0], strides.Channel), (at[1], strides.Row))]);
            Pointer y = Row("y", output, Output), g = Row("g", gradient, Gradient), dx = Row("dx", target, Target);
            Variable sum = k.Let("sum", tail is null ? new Constant(0) : tail & (y[whole].Vector * g[whole].Vector));
            if (vectors > 0)
            {
                var loop = new SumLoop("v", vectors);
                Index v = loop.Variable * Tier.Lanes;
                Variable terms = new BlockedSum([loop], "terms").Record(k, sums => k.Increase(sums[0], y[v].Vector * g[v].Vector))[0];
                k.Set(sum, sum + terms);
            }

            Variable mean = k.Let("mean", new Broadcast(Intrinsics.Sum(sum)));
            if (vectors > 0)
            {
                using (k.For("i", 0, vectors * Tier.Lanes, Tier.Lanes, out IndexVariable i))
                {
                    k.Store(dx[i], y[i].Vector * (g[i].Vector - mean));
                }
            }

            if (tail is not null)
            {
                k.Store(dx[whole], tail & (y[whole].Vector * (g[whole].Vector - mean)));
            }
        }
    }
}

/// <summary>Softmax of one vector of features.</summary>
internal sealed record FlatSoftmaxKernel(Tier Tier, int Features) : Kernel(Tier)
{
    public override string Summary => "Softmax of one vector of features";

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        int lanes = Tier.Lanes, whole = Features / lanes * lanes, rest = Features - whole;
        Variable? tail = rest > 0 ? k.Let("tail", Intrinsics.LanesBefore(Constant.Single(rest))) : null;
        Variable? last = tail is null
            ? null : k.Let("last", Expression.Select(tail, Load(input, whole), new Constant(float.NegativeInfinity)));
        Variable largest = k.Let("largest", (Expression?)last ?? Load(input, 0));
        if (whole > 0)
        {
            using (k.For("i", 0, whole, lanes, out IndexVariable i))
            {
                k.Set(largest, Max(largest, Load(input, i)));
            }
        }

        RecordLargestLane(k, largest);
        if (whole > 0)
        {
            using (k.For("i", 0, whole, lanes, out IndexVariable i))
            {
                k.Store(output[i], Exp(Load(input, i) - largest));
            }
        }

        if (last is not null)
        {
            k.Set(last, tail! & Exp(last - largest));
            k.Store(output[whole], last);
        }

        // One feature after the other, as with samples in lanes, so that a sample's result is the same to the bit.
        var loop = new SumLoop("i", Features);
        Variable sum = new BlockedSum([loop], "sum") { Zero = Constant.Single(0) }
            .Record(k, sums => k.Increase(sums[0], output[loop.Variable].Value))[0];
        Variable scale = k.Let("scale", new Broadcast(Constant.Single(1) / sum));
        if (whole > 0)
        {
            using (k.For("i", 0, whole, lanes, out IndexVariable i))
            {
                k.Store(output[i], Load(output, i) * scale);
            }
        }

        if (last is not null)
        {
            k.Store(output[whole], last * scale);
        }
    }

    /// <summary>Puts the largest lane into all lanes.</summary>
    public static void RecordLargestLane(KernelBuilder k, Variable largest)
    {
        for (int half = k.Lanes / 2; half >= 1; half /= 2)
        {
            int distance = half;
            k.Set(largest, Max(largest, Intrinsics.Shuffle(largest, Enumerable.Range(0, k.Lanes).Select(i => i ^ distance))));
        }
    }
}

/// <summary>Backward of softmax, one sample per lane: dx = y (g − Σ g y), in place of the gradient.</summary>
internal sealed record SoftmaxGradientKernel(Tier Tier, int Channels, VectorGrid Grid, Strides Output, Strides Gradient) : Kernel(Tier)
{
    public override string Summary => "Gradient of softmax, in place: y (g − Σ g y)";

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer probabilities = k.Parameter("probabilities"), gradient = k.Parameter("gradient");
        Grid.Record(k, at =>
        {
            Pointer y = k.PointTo("y", at.In(probabilities, Output)), g = k.PointTo("g", at.In(gradient, Gradient));
            var loop = new SumLoop("c", Channels);
            Reference yc = y[Index.Sum((loop.Variable, Output.Channel))], gc = g[Index.Sum((loop.Variable, Gradient.Channel))];
            Variable sum = new BlockedSum([loop], "sum").Record(k, sums => k.Increase(sums[0], yc.Vector * gc.Vector))[0];
            using (k.For("c", Channels, out _))
            {
                Pointer target = k.PointTo("target", gc);
                k.Store(target, yc.Vector * (target[0].Vector - sum));
            }
        });
    }
}
