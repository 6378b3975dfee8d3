using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A layer of which, in training, each sample's output depends on the whole batch.</summary>
internal interface IBatchLayer
{
    void Forward(Extents input, IReadOnlyList<Numbers> xs, IReadOnlyList<Numbers> ys, IReadOnlyList<Numbers> parameters);

    void Backward(
        Extents input, IReadOnlyList<Numbers> xs, IReadOnlyList<Numbers> dys, IReadOnlyList<Numbers> dxs, IReadOnlyList<Numbers> parameters,
        IReadOnlyList<Sums> gradients);

    /// <summary>What a batch does to the running statistics, which are among the parameters.</summary>
    void MoveStatistics(Extents input, IReadOnlyList<Numbers> xs, IReadOnlyList<Numbers> parameters);
}

/// <summary>Batch norm; by itself, as outside of training or frozen, of the running statistics.</summary>
internal sealed record BatchNorm(double Epsilon = 1e-5, double Momentum = 0.1, bool Affine = true)
    : Normalization(Epsilon, Affine), IBatchLayer
{
    public override string Prefix => "bn";

    public override string Attribute =>
        "BatchNorm" + Arguments(true, Momentum == 0.1 ? "" : FormattableString.Invariant($"Momentum = {Momentum:R}"));

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input)
    {
        int[] shape = [input.Channels];
        (string, int[])[] statistics = [("running_mean", shape), ("running_var", shape)];
        return Affine ? [("weight", shape), ("bias", shape), .. statistics] : statistics;
    }

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int c = Channel(input, i);
            double scale = Scale(c, parameters), mean = parameters[^2].Value[c],
                shift = (Affine ? parameters[1].Value[c] : 0) - (mean * scale);
            double product = x.Value[i] * scale;
            y.Value[i] = product + shift;

            // The scale may be multiplied into the weights in front of it.
            y.Variance[i] = (Square(scale) * x.Variance[i]) + Square(4 * Numbers.U * scale * (x.Value[i] - mean))
                + Square(Numbers.U * ((2 * Math.Abs(product)) + Math.Abs(mean * scale) + Math.Abs(shift) + Math.Abs(y.Value[i])));
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double scale = Scale(Channel(input, i), parameters);
            dx.Value[i] = dy.Value[i] * scale;
            dx.Variance[i] = (Square(scale) * dy.Variance[i]) + Square(5 * Numbers.U * dx.Value[i]);
        }
    }

    public void Forward(Extents input, IReadOnlyList<Numbers> xs, IReadOnlyList<Numbers> ys, IReadOnlyList<Numbers> parameters)
    {
        Numbers x = Numbers.Join(xs), y = new(x.Length);
        Forward(input, Parts(input, xs.Count), x, y, parameters);
        Split(y, ys);
    }

    public void Backward(
        Extents input, IReadOnlyList<Numbers> xs, IReadOnlyList<Numbers> dys, IReadOnlyList<Numbers> dxs, IReadOnlyList<Numbers> parameters,
        IReadOnlyList<Sums> gradients)
    {
        Numbers x = Numbers.Join(xs), dx = new(x.Length);
        Backward(input, Parts(input, xs.Count), x, Numbers.Join(dys), dx, parameters, gradients);
        Split(dx, dxs);
    }

    public void MoveStatistics(Extents input, IReadOnlyList<Numbers> xs, IReadOnlyList<Numbers> parameters)
    {
        Numbers x = Numbers.Join(xs);
        int channel = 0;
        foreach (int[] part in Parts(input, xs.Count))
        {
            Numbers moments = MomentsOf(x, part);
            double unbiased = part.Length / (part.Length - 1.0);
            Move(parameters[^2], channel, moments.Value[0], moments.Variance[0]);
            Move(parameters[^1], channel, unbiased * moments.Value[1], Square(unbiased) * moments.Variance[1]);
            channel++;
        }
    }

    protected override int Parameter(Extents input, int element, int place) => Channel(input, element);

    private static int Channel(Extents input, int element) => element % input.Length / input.Positions;

    private static IEnumerable<int[]> Parts(Extents input, int samples) =>
        from channel in Enumerable.Range(0, input.Channels)
        select (from sample in Enumerable.Range(0, samples)
                from position in Enumerable.Range(0, input.Positions)
                select (sample * input.Length) + (channel * input.Positions) + position).ToArray();

    private static void Split(Numbers all, IReadOnlyList<Numbers> samples)
    {
        for (int n = 0; n < samples.Count; n++)
        {
            Array.Copy(all.Value, n * samples[n].Length, samples[n].Value, 0, samples[n].Length);
            Array.Copy(all.Variance, n * samples[n].Length, samples[n].Variance, 0, samples[n].Length);
        }
    }

    private double Scale(int channel, IReadOnlyList<Numbers> parameters) =>
        (Affine ? parameters[0].Value[channel] : 1) / Math.Sqrt(parameters[^1].Value[channel] + Epsilon);

    /// <summary>In double precision, and rounded.</summary>
    private void Move(Numbers running, int channel, double value, double variance)
    {
        running.Value[channel] = ((1 - Momentum) * running.Value[channel]) + (Momentum * value);
        running.Variance[channel] = (Square(1 - Momentum) * running.Variance[channel]) + (Square(Momentum) * variance)
            + Square(2 * Numbers.U * running.Value[channel]);
    }
}
