using System;
using System.Collections.Concurrent;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Gradients of convolutions' weights by Winograd's transforms, against sums of products in double precision: one convolution, whose
/// output's gradient is given.
/// </summary>
public class WinogradWeightTests(ITestOutputHelper log)
{
    /// <summary>Of uniform numbers, relative to the gradients. What holds for all data is in <see cref="WinogradBoundTests"/>.</summary>
    private const double MostError = 2e-6;

    // Extents that tiles of 4 divide, and of 2 only; channels that fill their blocks, and do not.
    private static readonly Case[] Cases =
    [
        new(64, 16, 12, 48, 3, 3),
        new(100, 8, 8, 33, 3, 3),
        new(32, 14, 10, 64, 3, 3),
        new(48, 12, 14, 40, 5, 5),
        new(64, 5, 16, 48, 1, 5),
        new(64, 24, 3, 32, 3, 1),
        new(64, 4, 4, 64, 3, 3),
        new(48, 12, 9, 40, 4, 4),
    ];

    /// <summary>Sums of products by case and batch: all tiers are compared with them.</summary>
    private static readonly ConcurrentDictionary<(int Case, int Batch), Lazy<double[]>> Exact = new();

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. from i in Enumerable.Range(0, Cases.Length) from winograd in new[] { true, false } select Cases[i].Declare($"{(winograd ? "Transformed" : "Direct")}{i}", winograd)],
        "WinogradWeights"));

    public static TheoryData<Isa, int> TiersAndCases => [.. from isa in Tiers.Supported from i in Enumerable.Range(0, Cases.Length) select (isa, i)];

    [Theory]
    [MemberData(nameof(TiersAndCases))]
    public void The_error_is_within_the_bound_for_batches_of_any_size(Isa isa, int number)
    {
        Case c = Cases[number];
        CompiledType transformed = Compiled.Value[$"Transformed{number}"], direct = Compiled.Value[$"Direct{number}"];
        Assert.Contains("transform of the output's gradient", transformed.Comments(isa), StringComparison.Ordinal);
        Assert.DoesNotContain("Winograd", direct.Comments(isa), StringComparison.Ordinal);
        foreach (int batch in new[] { 1, 3, isa.Lanes() + 1, 100 })
        {
            float[] x = Formula.Uniforms(5, batch * c.Inputs * c.Height * c.Width), dy = Formula.Uniforms(6, batch * c.Filters * c.Height * c.Width);
            double[] exact = Exact.GetOrAdd((number, batch), _ => new(() => c.Gradient(x, dy, batch))).Value;
            double own = Error(exact, Gradient(transformed, isa, x, dy, batch, threads: 1)), sums = Error(exact, Gradient(direct, isa, x, dy, batch, threads: 1));
            log.WriteLine($"{c}, batch {batch}: {own:E2}, of sums of products {sums:E2}: {own / sums:F2} ×");
            Assert.InRange(own, 0, MostError);
        }
    }

    [Theory]
    [MemberData(nameof(TiersAndCases))]
    public void Any_number_of_threads_gives_the_same_bits(Isa isa, int number)
    {
        Case c = Cases[number];
        CompiledType type = Compiled.Value[$"Transformed{number}"];
        foreach (int batch in new[] { 2, (2 * isa.Lanes()) + 1 })
        {
            float[] x = Formula.Uniforms(7, batch * c.Inputs * c.Height * c.Width), dy = Formula.Uniforms(8, batch * c.Filters * c.Height * c.Width);
            float[] expected = Gradient(type, isa, x, dy, batch, threads: 1);
            foreach (int threads in new[] { 2, 3, 8 })
            {
                Compare.SameBits(expected, Gradient(type, isa, x, dy, batch, threads), $"{threads} threads");
            }
        }
    }

    private static float[] Gradient(CompiledType type, Isa isa, float[] x, float[] dy, int batch, int threads)
    {
        using CompiledNetwork network = type.Create(isa, threads);
        using Trainer trainer = Trainer.For(network, batch, new Sgd(0.1));
        trainer.Forward(x, new float[dy.Length]);
        trainer.Backward(dy);
        float[] gradient = new float[network.Parameters[0].Length];
        trainer.CopyGradientTo(network.Parameters[0], gradient);
        return gradient;
    }

    /// <summary>Root of the mean square, relative to the gradients'.</summary>
    private static double Error(double[] exact, float[] actual) =>
        Math.Sqrt(exact.Select((value, i) => (value - actual[i]) * (value - actual[i])).Sum() / exact.Sum(value => value * value));

    /// <summary>A convolution whose output has the extents of its input.</summary>
    private sealed record Case(int Inputs, int Height, int Width, int Filters, int Rows, int Columns)
    {
        public string Declare(string name, bool winograd) =>
            $"[Network(TrainingLayout = TrainingLayout.Blocked, Winograd = {(winograd ? "true" : "false")}), Input({Inputs}, {Height}, {Width})]"
            + $"[Conv2D({Filters}, {Rows}, KernelWidth = {Columns}, AutoPad = AutoPad.Same, Bias = false), ExternalLoss] public partial class {name};";

        public double[] Gradient(float[] x, float[] dy, int batch)
        {
            double[] gradient = new double[Filters * Inputs * Rows * Columns];
            for (int i = 0; i < gradient.Length; i++)
            {
                (int pair, int tap) = (i / (Rows * Columns), i % (Rows * Columns));
                (int top, int left) = ((tap / Columns) - ((Rows - 1) / 2), (tap % Columns) - ((Columns - 1) / 2));
                (int first, int count) = (int.Max(0, -left), Width - Math.Abs(left));
                for (int n = 0; count > 0 && n < batch; n++)
                {
                    int from = ((n * Inputs) + (pair % Inputs)) * Height, to = ((n * Filters) + (pair / Inputs)) * Height;
                    for (int row = int.Max(0, -top); row < int.Min(Height, Height - top); row++)
                    {
                        gradient[i] += Products.Sum(
                            x.AsSpan(((from + row + top) * Width) + first + left, count), dy.AsSpan(((to + row) * Width) + first, count));
                    }
                }
            }

            return gradient;
        }
    }
}
