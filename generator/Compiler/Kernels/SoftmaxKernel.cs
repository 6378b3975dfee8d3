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

/// <summary>Softmax along rows, whose elements are in the lanes of vectors. The largest element is subtracted first.</summary>
/// <param name="Channels">Number of channels.</param>
/// <param name="Rows">The rows of a channel.</param>
/// <param name="Width">The elements of a row.</param>
internal sealed record RowSoftmaxKernel(Tier Tier, int Channels, int Rows, int Width, Strides Input, Strides Output) : Kernel(Tier)
{
    public override string Summary => "Softmax along rows, row by row";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Tiles, Channels * Rows);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        int vectors = Width / Tier.Lanes, whole = vectors * Tier.Lanes, rest = Width - whole;
        Variable? tail = rest > 0 ? k.Let("tail", Intrinsics.LanesBefore(Constant.Single(rest))) : null;
        using (k.Items(out Index[] at, ("c", Channels, 1), ("row", Rows, 1)))
        {
            Pointer x = k.PointTo("x", input[Index.Sum((at[0], Input.Channel), (at[1], Input.Row))]);
            Pointer y = k.PointTo("y", output[Index.Sum((at[0], Output.Channel), (at[1], Output.Row))]);
            Variable? last = tail is null
                ? null : k.Let("last", Expression.Select(tail, x[whole].Vector, new Constant(float.NegativeInfinity)));
            Variable largest = k.Let("largest", (Expression?)last ?? x[0].Vector);
            ForVectors(k, vectors, i => k.Set(largest, Max(largest, x[i].Vector)));
            FlatSoftmaxKernel.RecordLargestLane(k, largest);
            Variable? ofLast = last is null ? null : k.Let("ofLast", tail! & Exp(last - largest));
            Variable sum = k.Let("sum", (Expression?)ofLast ?? new Constant(0));
            if (vectors > 0)
            {
                var loop = new SumLoop("v", vectors);
                Variable[] terms = new BlockedSum([loop], "terms").Record(k, sums =>
                {
                    Pointer target = k.PointTo("target", y[loop.Variable * Tier.Lanes]);
                    Variable term = k.Let("term", Exp(x[loop.Variable * Tier.Lanes].Vector - largest));
                    k.Store(target, term);
                    k.Increase(sums[0], term);
                });
                k.Set(sum, sum + terms[0]);
            }

            Variable scale = k.Let("scale", new Broadcast(Constant.Single(1) / Intrinsics.Sum(sum)));
            ForVectors(k, vectors, i => k.Store(y[i], y[i].Vector * scale));
            if (ofLast is not null)
            {
                k.Store(y[whole], ofLast * scale);
            }
        }
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
