using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Gradients against central differences: those of the oracle in double precision, those of compiled networks in single.</summary>
internal static class FiniteDifferences
{
    private const ulong InputStream = 600, TargetStream = 601, DirectionStream = 800;

    /// <summary>
    /// The oracle's gradients of the loss: along random directions, on which every element counts, and element by element for some.
    /// </summary>
    public static void Check(OracleNetwork network, double range = 1)
    {
        const int Directions = 3, Elements = 12;
        Models.Fill(network, stream: 500);
        int samples = network.Nodes.Any(node => node.Layer is IBatchLayer) ? 3 : 1;
        Numbers[] inputs =
            [.. Enumerable.Range(0, samples).Select(n => Numbers.Exact(Separated(network.InputLength, range, InputStream + (ulong)n)))];
        Target[] targets = [.. Enumerable.Range(0, samples).Select(n => TargetOf(network, n))];
        static bool Mask(int layer, int sample, int element) => (Formula.Bits((ulong)(700 + layer), (ulong)element) & 1) == 0;
        Pass[] Forward() => network.Forward(inputs, training: true, 0, Mask);
        double Value() => network.Loss(Forward(), targets).Value[0];

        var sums = new GradientSums(network);
        network.Backward(Forward(), targets, sums);
        IReadOnlyList<Numbers> gradients = sums.Result();
        for (int k = 0; k < network.Parameters.Count; k++)
        {
            if (network.Parameters[k].IsTrained)
            {
                CheckTensor(network.Weights[k].Value, gradients[k].Value, network.Parameters[k].Key);
            }
        }

        for (int n = 0; n < samples; n++)
        {
            CheckTensor(inputs[n].Value, sums.Inputs[n].Value, $"input {n}");
        }

        void CheckTensor(double[] values, double[] gradient, string what)
        {
            for (int d = 0; d < Directions; d++)
            {
                double[] signs = [.. Enumerable.Range(0, values.Length).Select(i => Sign(DirectionStream + (ulong)d, i))];
                CheckAlong(values, gradient, signs, $"{what} along direction {d}");
            }

            for (int e = 0; e < Math.Min(Elements, values.Length); e++)
            {
                int i = (int)((long)e * values.Length / Math.Min(Elements, values.Length));
                double[] one = new double[values.Length];
                one[i] = 1;
                CheckAlong(values, gradient, one, $"{what}[{i}]");
            }
        }

        void CheckAlong(double[] values, double[] gradient, double[] direction, string what)
        {
            const double Step = 1.0 / (1 << 18);
            double[] start = [.. values];
            double At(double distance)
            {
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = start[i] + (distance * direction[i]);
                }

                return Value();
            }

            double near = (At(Step) - At(-Step)) / (2 * Step), far = (At(2 * Step) - At(-2 * Step)) / (4 * Step), value = Math.Abs(At(0));
            start.CopyTo(values, 0);
            double expected = 0, scale = 0;
            for (int i = 0; i < gradient.Length; i++)
            {
                expected += gradient[i] * direction[i];
                scale += Math.Abs(gradient[i] * direction[i]);
            }

            // Two widths cancel the error of third order and leave one of h⁴ ≈ 2e-22 times a fifth derivative. Rounding: sums of at most
            // 1e5 terms are off by √1e5·1.1e-16 of their value, which is divided by h: 1e-8 of it.
            double difference = ((4 * near) - far) / 3, tolerance = (1e-8 * value) + (1e-8 * scale);
            Assert.True(
                Math.Abs(difference - expected) <= tolerance,
                $"{what}: {expected:R} against {difference:R}, tolerance {tolerance:E1}\n{network.Declaration("Checked")}");
        }
    }

    /// <summary>
    /// A compiled network's gradients of its loss (of its parameters), or of a random sum of its outputs (of its input, too), in
    /// training mode: along the signs of each gradient, where all elements add up, and a random sign where the gradient is 0.
    /// </summary>
    public static void Check(DifferentiableCase of, Isa isa)
    {
        const int Batch = 5;
        const ulong Seed = 9;
        OracleNetwork oracle = of.Network;
        bool throughLoss = of.IsLoss;
        double range = of.Range;
        Models.Fill(oracle, stream: 500);
        int inputLength = oracle.Input.Length, outputLength = oracle.Output.Length;
        float[] inputs = [.. Enumerable.Range(0, Batch).SelectMany(n => Separated(inputLength, range, InputStream + (ulong)n))];
        Target[] targets = [.. Enumerable.Range(0, Batch).Select(n => TargetOf(oracle, n))];
        int[] classes = [.. targets.SelectMany(t => t.Classes)];
        float[] values = [.. targets.SelectMany(t => t.Values)], outputs = new float[Batch * outputLength];
        float[] outputGradient = Formula.Uniforms(603, outputs.Length);
        using CompiledNetwork network = of.Compiled().Create(oracle, isa, threads: 1, seed: Seed);
        using Trainer trainer = CompiledType.CreateTrainer(network, Batch, new Sgd(0.1));
        float[] inputGradient = new float[inputs.Length];
        double deviation = Deviation();
        Value();
        if (!throughLoss)
        {
            trainer.Backward(outputGradient, inputGradient);
        }

        Parameter[] parameters = [.. network.Parameters.Where(p => p.IsTrainable)];
        float[][] gradients =
        [
            .. parameters.Select(parameter =>
            {
                float[] gradient = new float[parameter.Length];
                trainer.CopyGradientTo(parameter, gradient);
                return gradient;
            }),
        ];
        if (!throughLoss)
        {
            CheckAlong(inputs, inputGradient, _ => { }, "input");
        }

        for (int k = 0; k < gradients.Length; k++)
        {
            Parameter parameter = parameters[k];
            float[] weights = new float[parameter.Length];
            parameter.CopyTo(weights);
            CheckAlong(weights, gradients[k], moved => parameter.CopyFrom(moved), parameter.Key);
        }

        double Value()
        {
            // One function: the same elements are dropped each time.
            trainer.State.Passes = 0;
            if (!throughLoss)
            {
                trainer.Forward(inputs, outputs);
                return outputs.Zip(outputGradient, (y, g) => (double)y * g).Sum();
            }

            return trainer.ComputeGradients(inputs, classes, values);
        }

        // Of the rounding of one value, by the oracle's estimate.
        double Deviation()
        {
            Numbers[] samples = [.. Enumerable.Range(0, Batch).Select(n => Numbers.Exact(inputs.AsSpan(n * inputLength, inputLength)))];
            Pass[] passes = oracle.Forward(samples, training: true, 0, DropoutBits.Mask(oracle, Seed, pass: 0));
            if (throughLoss)
            {
                Numbers loss = oracle.Loss(passes, targets);
                return Math.Sqrt(loss.Variance[0] + Square(Numbers.U * loss.Value[0]));
            }

            Numbers expected = Numbers.Join([.. passes.Select(pass => pass.Output)]);
            return Math.Sqrt(
                outputGradient.Select((g, i) => Square(g) * (expected.Variance[i] + Square(Numbers.U * expected.Value[i]))).Sum());
        }

        void CheckAlong(float[] tensor, float[] gradient, Action<float[]> apply, string what) => FiniteDifferences.CheckAlong(
            tensor, gradient, apply, Value, deviation, range / (2 * inputLength), () => $"{what} of\n{oracle.Declaration("Checked")}");
    }

    /// <summary>A gradient against a difference along its signs, where all elements add up; a random sign where it is 0.</summary>
    /// <param name="tensor">The tensor, which is the same behind the check.</param>
    /// <param name="gradient">The gradient of the value.</param>
    /// <param name="apply">Makes the network compute with what the tensor holds.</param>
    /// <param name="valueOf">The value.</param>
    /// <param name="deviation">Of the rounding of one value.</param>
    /// <param name="reach">
    /// The largest step. Elements of an input are four times as far apart, and half of that from 0: this does not make them change places.
    /// </param>
    /// <param name="describe">What is checked.</param>
    public static void CheckAlong(
        float[] tensor, float[] gradient, Action<float[]> apply, Func<double> valueOf, double deviation, double reach,
        Func<string> describe)
    {
        float[] start = [.. tensor], above = [.. tensor], below = [.. tensor];
        double middle = valueOf();
        for (double step = Math.Min(1.0 / 512, Math.Pow(2, Math.Floor(Math.Log2(reach)))); ; step /= 4)
        {
            double expected = 0;
            for (int i = 0; i < tensor.Length; i++)
            {
                double sign = gradient[i] == 0 ? Sign(DirectionStream, i) : Math.Sign(gradient[i]);
                above[i] = (float)(start[i] + (step * sign));
                below[i] = (float)(start[i] - (step * sign));
                expected += gradient[i] * ((double)above[i] - below[i]);
            }

            double higher = At(above), lower = At(below), difference = higher - lower;

            // Rounding of two values; what bends, where a kink in the way shows; third order, where a step changes what an activation
            // sees by some hundredths. A shorter step where it bends much, as long as rounding allows.
            double rounding = Numbers.Accepted * Math.Sqrt(2) * deviation, bend = Math.Abs(higher - (2 * middle) + lower),
                size = Math.Abs(expected);
            if (bend > 2e-3 * size && rounding < 1e-2 * size)
            {
                continue;
            }

            At(start);
            double tolerance = rounding + bend + (2e-3 * size);
            Assert.True(
                Math.Abs(difference - expected) <= tolerance,
                $"{expected:R} against {difference:R}, tolerance {tolerance:E1}: {describe()}");
            return;
        }

        double At(float[] from)
        {
            from.CopyTo(tensor, 0);
            apply(tensor);
            return valueOf();
        }
    }

    /// <summary>
    /// Numbers in −range..range in random order, as far from one another as they can be, and from 0, which is none of them.
    /// </summary>
    public static float[] Separated(int count, double range, ulong stream)
    {
        float[] values = new float[count];
        int place = 0, places = count + (count % 2);
        foreach (int i in Enumerable.Range(0, count).OrderBy(i => Formula.Bits(stream, (ulong)i)))
        {
            values[i] = (float)(range * ((((2 * place) + 1.0) / places) - 1));
            place++;
        }

        return values;
    }

    private static Target TargetOf(OracleNetwork network, int sample) =>
        network.Graph.Losses.Count > 1
            ? network.DrawTarget(TargetStream, sample)
            : network.Objective.Suit(
                new Target(
                    Formula.Class(TargetStream, sample, network.Output.Length),
                    Formula.Uniforms(TargetStream + 1 + (ulong)sample, network.Output.Length)),
                network.Output);

    private static double Sign(ulong stream, int index) => (Formula.Bits(stream, (ulong)index) & 1) == 0 ? 1 : -1;

    private static double Square(double value) => value * value;
}
