using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Losses at their limits: every loss with its options, of infinite and of huge outputs, where classes have a weight of 0, and where no
/// target counts. What has weight 0 costs nothing, however infinite it is; otherwise the results are PyTorch's.
/// </summary>
public class LossLimitTests
{
    private const float Inf = float.PositiveInfinity, NaN = float.NaN;

    private static readonly string[] Reductions = ["", "Reduction = Reduction.Sum", "Reduction = Reduction.Mean"];

    /// <summary>Three classes, and what they weigh; null for none.</summary>
    private static readonly double[]?[] Weights = [null, [1, 1, 1], [0.5, 0, 2]];

    private static readonly float[][] Logits =
    [
        [1, 2, -Inf], [-Inf, 2, 1], [2, -Inf, 1], [-Inf, -Inf, 1], [1, 2, 3], [-Inf, -Inf, -Inf], [Inf, 1, 2], [1, Inf, Inf], [NaN, 1, 2],
        [3e37f, -3e37f, 0], [-3e38f, -3e38f, -3e38f],
    ];

    private static readonly float[] Values = [Inf, -Inf, NaN, 0, 1, -2.5f, 1e20f, -1e20f, 1e38f, -1e38f, 1e-30f];

    private static readonly ClassLoss[] ClassLosses =
    [
        .. from weights in Weights
           from smoothing in new[] { 0, 0.25 }
           from ignore in new[] { -100, 1 }
           from reduction in Reductions.Take(2)
           from pixels in new[] { 1, 2 }
           select new ClassLoss("CrossEntropy", weights, smoothing, ignore, reduction, pixels),
        .. from weights in Weights
           from reduction in Reductions.Take(2)
           select new ClassLoss("Hinge", weights, 0, -100, reduction, 1),
    ];

    private static readonly ElementLoss[] ElementLosses =
    [
        .. from reduction in Reductions.Skip(1)
           from loss in new ElementLoss[]
           {
               new("L1", "", (y, t) => Math.Abs(y - t), (y, t) => Math.Sign(y - t)),
               new("L2", "", (y, t) => (y - t) * (y - t), (y, t) => 2 * (y - t)),
               new("MeanAbsoluteError", "", (y, t) => Math.Abs(y - t), (y, t) => Math.Sign(y - t)),
               new("MeanSquaredError", "", (y, t) => (y - t) * (y - t), (y, t) => 2 * (y - t)),
               new("SmoothL1", "", (y, t) => Smooth(y - t, 1), (y, t) => Math.Clamp(y - t, -1, 1)),
               new("SmoothL1", "Beta = 0", (y, t) => Math.Abs(y - t), (y, t) => Math.Sign(y - t)),
               new("Huber", "Delta = 2", (y, t) => 2 * Smooth(y - t, 2), (y, t) => Math.Clamp(y - t, -2, 2)),
               new("BinaryCrossEntropy", "", CrossEntropyOf, (y, t) => Probability(y) - t),
           }
           select loss with { Reduction = reduction },
    ];

    /// <summary>
    /// The layer in front gives the outputs their gradient: that of its bias. It multiplies by 1, channel by channel, so that an infinite
    /// output stays its own.
    /// </summary>
    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [
            .. ClassLosses.Select((loss, i) => Declaration($"Classes{i}", loss.Pixels, loss.Attribute)),
            .. ElementLosses.Select((loss, i) => Declaration($"Elements{i}", 1, loss.Attribute)),
        ],
        "LossLimits"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Masked_classes_and_classes_without_weight_cost_nothing(Isa isa)
    {
        var failures = new List<string>();
        for (int i = 0; i < ClassLosses.Length; i++)
        {
            ClassLoss loss = ClassLosses[i];
            using CompiledNetwork network = Compiled.Value[$"Classes{i}"].Create(isa);
            using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 1, new Sgd(0));
            foreach (float[] logits in Logits)
            {
                foreach (int target in Enumerable.Range(0, 3))
                {
                    // A second pixel is an ordinary one.
                    int[] targets = [.. new[] { target, 0 }.Take(loss.Pixels)];
                    float[][] pixels = [.. new[] { logits, [0.5f, 0.25f, -1] }.Take(loss.Pixels)];
                    (double value, double[] gradient) = loss.Of(pixels, targets);
                    Check(
                        $"{isa}, {loss.Attribute} of {string.Join(", ", logits)} with class {target}, {loss.Pixels} pixels",
                        network, trainer, Planes(pixels), targets, [], value, gradient, failures);
                }
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count}:\n{string.Join('\n', failures.Take(40))}");
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Losses_of_infinite_and_huge_outputs_are_right_infinite_or_not_a_number(Isa isa)
    {
        var failures = new List<string>();
        for (int i = 0; i < ElementLosses.Length; i++)
        {
            ElementLoss loss = ElementLosses[i];
            using CompiledNetwork network = Compiled.Value[$"Elements{i}"].Create(isa);
            using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, 1, new Sgd(0));
            foreach (float output in Values)
            {
                foreach (float target in new[] { 0, 1, 0.25f })
                {
                    float[] outputs = [output, 0.5f, -1], targets = [target, 0, 1];
                    double share = loss.Reduction.EndsWith("Mean", StringComparison.Ordinal) ? 1.0 / 3 : 1;
                    double value = share * outputs.Zip(targets, (y, t) => loss.Value(y, t)).Sum();
                    double[] gradient = [.. outputs.Zip(targets, (y, t) => share * (double.IsNaN(y) ? NaN : loss.Slope(y, t)))];
                    Check($"{isa}, {loss.Attribute} of {output} with {target}", network, trainer, outputs, [], targets, value,
                        gradient, failures);
                }
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count}:\n{string.Join('\n', failures.Take(40))}");
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_sample_that_does_not_count_leaves_the_others_as_they_are(Isa isa)
    {
        // Class 1 has no weight, or is ignored. What such samples are is of no consequence, wherever they stand among the others.
        foreach ((ClassLoss loss, int i) in ClassLosses.Select((loss, i) => (loss, i))
            .Where(l => l.loss.Pixels == 1 && l.loss.LabelSmoothing == 0))
        {
            if (loss.Ignore != 1 && loss.ClassWeights is not [_, 0, _])
            {
                continue;
            }

            using CompiledNetwork network = Compiled.Value[$"Classes{i}"].Create(isa);
            using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 8, new Sgd(0));
            (float Loss, float[] Gradient) Run(float[][] samples, int[] targets)
            {
                Identity(network);
                float value = trainer.ComputeGradients([.. samples.SelectMany(s => s)], targets);
                return (value, GradientOfBias(network, trainer));
            }

            float[] ordinary = [1, 2, 3], other = [-2, 0.5f, 1];
            (float Loss, float[] Gradient) expected = Run([ordinary, other, ordinary], [0, 2, 1]);
            foreach (float[] logits in Logits)
            {
                (float Loss, float[] Gradient) actual = Run([ordinary, other, logits], [0, 2, 1]);
                Assert.Equal(expected.Loss, actual.Loss);
                Assert.Equal(expected.Gradient, actual.Gradient);
            }

            // Hinge divides by all samples, cross-entropy by the weights of those that count: there are none.
            (float nothing, float[] zeros) = Run([Logits[0], Logits[5], Logits[6], Logits[8]], [1, 1, 1, 1]);
            Assert.Equal(0, nothing);
            Assert.All(zeros, g => Assert.Equal(0, g));
        }
    }

    private static void Check(
        string what, CompiledNetwork network, Trainer trainer, float[] inputs, int[] classes, float[] values,
        double loss, double[] gradient,
        List<string> failures)
    {
        Identity(network);
        Compare($"{what}: the loss", loss, trainer.ComputeGradients(inputs, classes, values), failures);
        float[] actual = GradientOfBias(network, trainer);
        for (int c = 0; c < actual.Length; c++)
        {
            Compare($"{what}: gradient {c}", gradient[c], actual[c], failures);
        }
    }

    private static void Identity(CompiledNetwork network)
    {
        network.Parameters[0].CopyFrom([1, 1, 1]);
        network.Parameters[1].CopyFrom([0, 0, 0]);
    }

    private static float[] GradientOfBias(CompiledNetwork network, Trainer trainer)
    {
        float[] gradient = new float[3];
        trainer.CopyGradientTo(network.Parameters[1], gradient);
        return gradient;
    }

    private static void Compare(string what, double expected, float actual, List<string> failures)
    {
        float single = (float)expected;
        bool same = float.IsNaN(single) ? float.IsNaN(actual)
            : float.IsInfinity(single) ? actual == single : Math.Abs(actual - expected) <= 2e-6 * Math.Max(1, Math.Abs(expected));
        if (!same)
        {
            failures.Add($"{what} is {actual:R} instead of {single:R}");
        }
    }

    private static string Declaration(string name, int pixels, string loss) =>
        $"[Network, Input(3, {pixels}), Conv1D(3, 1, Groups = 3){(pixels == 1 ? ", Flatten" : "")}, {loss}]\npublic partial class {name};";

    private static float[] Planes(float[][] pixels) => [.. Enumerable.Range(0, 3).SelectMany(c => pixels.Select(pixel => pixel[c]))];

    private static double Smooth(double d, double beta) => Math.Abs(d) < beta ? d * d / (2 * beta) : Math.Abs(d) - (beta / 2);

    private static double Probability(double y) => 1 / (1 + Math.Exp(-y));

    /// <summary>−t ln σ(y) − (1 − t) ln(1 − σ(y)), a factor of 0 coming first.</summary>
    private static double CrossEntropyOf(double y, double t) => Times(t, Softplus(-y)) + Times(1 - t, Softplus(y));

    private static double Softplus(double y) => Math.Max(y, 0) + Math.Log(1 + Math.Exp(-Math.Abs(y)));

    private static double Times(double factor, double value) => factor == 0 && !double.IsNaN(value) ? 0 : factor * value;

    private sealed record ElementLoss(string Kind, string Options, Func<double, double, double> Value, Func<double, double, double> Slope)
    {
        public string Reduction { get; init; } = "";

        public string Attribute => $"{Kind}({string.Join(", ", new[] { Options, Reduction }.Where(o => o.Length > 0))})";
    }

    private sealed record ClassLoss(string Kind, double[]? ClassWeights, double LabelSmoothing, int Ignore, string Reduction, int Pixels)
    {
        public string Attribute => $"{Kind}({string.Join(", ", new[]
        {
            ClassWeights is null ? "" : FormattableString.Invariant($"ClassWeights = new double[] {{ {string.Join(", ", ClassWeights)} }}"),
            LabelSmoothing == 0 ? "" : FormattableString.Invariant($"LabelSmoothing = {LabelSmoothing}"),
            Ignore == -100 ? "" : FormattableString.Invariant($"IgnoreIndex = {Ignore}"),
            Reduction,
        }.Where(o => o.Length > 0))})";

        /// <summary>The loss of one sample, and its gradient summed over the pixels.</summary>
        public (double Loss, double[] Gradient) Of(float[][] pixels, int[] targets)
        {
            double divisor = Reduction.Length > 0 ? 1 : Kind == "Hinge" ? targets.Length : targets.Sum(t => t == Ignore ? 0 : WeightOf(t));
            double loss = 0;
            double[] gradient = new double[3];
            for (int pixel = 0; divisor > 0 && pixel < pixels.Length; pixel++)
            {
                if (targets[pixel] == Ignore)
                {
                    continue;
                }

                (double own, double[] slopes) = Kind == "Hinge" ? Hinge(pixels[pixel], targets[pixel])
                    : CrossEntropy(pixels[pixel], targets[pixel]);
                loss += own / divisor;
                for (int c = 0; c < 3; c++)
                {
                    gradient[c] += slopes[c] / divisor;
                }
            }

            return (loss, gradient);
        }

        private double WeightOf(int c) => ClassWeights?[c] ?? 1;

        private (double Loss, double[] Gradient) CrossEntropy(float[] x, int target)
        {
            double[] q = [.. x.Select((_, c) => WeightOf(c) * (((c == target ? 1 : 0) * (1 - LabelSmoothing)) + (LabelSmoothing / 3)))];
            double total = q.Sum(), largest = x.Any(float.IsNaN) ? double.NaN : x.Max();
            double logarithm = Math.Log(x.Sum(v => Math.Exp(v - largest)));
            if (total == 0)
            {
                return (0, new double[3]);
            }

            double loss = 0;
            for (int c = 0; c < 3; c++)
            {
                loss += q[c] == 0 ? 0 : q[c] * (logarithm + (largest - x[c]));
            }

            return (loss, [.. x.Select((v, c) => (total * Math.Exp(v - largest - logarithm)) - q[c])]);
        }

        private (double Loss, double[] Gradient) Hinge(float[] x, int target)
        {
            double weight = WeightOf(target) / 3, loss = 0;
            double[] gradient = new double[3];
            for (int c = 0; weight > 0 && c < 3; c++)
            {
                double excess = c == target ? 0 : 1 + ((double)x[c] - x[target]);

                // PyTorch takes what is not a number for 0; here it stays what it is in the loss, and has no gradient either.
                loss += double.IsNaN(excess) ? double.NaN : weight * Math.Max(excess, 0);
                gradient[c] += excess > 0 ? weight : 0;
                gradient[target] -= excess > 0 ? weight : 0;
            }

            return (loss, gradient);
        }
    }
}
