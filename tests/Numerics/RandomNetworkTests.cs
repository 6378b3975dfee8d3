using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Random networks in every tier against the oracle. <c>STRATA_RANDOM_NETWORKS</c> sets how many (300 by
/// default), <c>STRATA_RANDOM_SEED</c> the first seed; a failure prints seed and declaration.
/// </summary>
public class RandomNetworkTests(ITestOutputHelper log)
{
    /// <summary>Networks that are compiled together.</summary>
    private const int Together = 25;

    private const int MostFailures = 5;

    /// <summary>One sample, a partly filled block, a full one at 16 lanes, one more than that, several blocks.</summary>
    private static readonly int[] Batches = [1, 3, 16, 17, 64];

    [Fact]
    public void Random_networks_agree_with_the_oracle_in_every_tier()
    {
        int count = Setting("STRATA_RANDOM_NETWORKS", 300), first = Setting("STRATA_RANDOM_SEED", 1);
        var failures = new ConcurrentQueue<string>();
        double worst = 0;
        object gate = new();
        int[][] chunks = [.. Enumerable.Range(first, count).Chunk(Together)];
        Parallel.ForEach(chunks, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seeds =>
        {
            if (failures.Count >= MostFailures)
            {
                return;
            }

            OracleNetwork[] networks = [.. seeds.Select(RandomArchitecture.Draw)];
            CompiledNetworks compiled = NetworkCompiler.Compile(
                [.. seeds.Select((seed, i) => networks[i].Declaration($"Random{seed}"))], $"Random{seeds[0]}");
            foreach (string method in JitBudget.Measure(compiled.Image).Over)
            {
                failures.Enqueue($"outside the budget of the JIT: {method}");
            }

            for (int i = 0; i < seeds.Length; i++)
            {
                var comparison = new Comparison(networks[i], seeds[i], Batches);
                foreach (Isa isa in Tiers.Supported)
                {
                    string? difference;
                    try
                    {
                        difference = comparison.Run(compiled[$"Random{seeds[i]}"], isa);
                    }
                    catch (Exception e) when (e is not OutOfMemoryException)
                    {
                        difference = e.ToString();
                    }

                    if (difference is not null)
                    {
                        failures.Enqueue($"seed {seeds[i]}, {isa}: {difference}\n{networks[i].Declaration($"Random{seeds[i]}")}");
                        break;
                    }
                }

                lock (gate)
                {
                    worst = Math.Max(worst, comparison.Worst);
                }
            }
        });
        log.WriteLine($"{count} networks from seed {first} on; largest error: {worst:F2} of its tolerance");
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    [Fact]
    public void Random_architectures_draw_from_the_whole_language()
    {
        string[] texts = [.. Enumerable.Range(1, 300).Select(seed => RandomArchitecture.Draw(seed).Declaration("Drawn"))];
        string[] words =
        [
            "Conv1D", "Conv2D", "Conv3D", "MaxPool1D", "MaxPool2D", "MaxPool3D", "AveragePool1D", "AveragePool2D", "AveragePool3D",
            "[ReLU]", "[Sigmoid]", "Tanh", "Flatten", "Dense", "Dropout", "Softmax",
            "LeakyReLU", "[ELU", "Softplus", "GELU", "Approximate", "SiLU", "ReLU6", "HardSigmoid", "HardSwish",
            "[CrossEntropy]", "[MeanSquaredError]", "[CrossEntropy(", "LabelSmoothing", "ClassWeights", "[Hinge", "[BinaryCrossEntropy", "[MeanAbsoluteError",
            "[L1", "[L2", "[SmoothL1", "[Huber", "Reduction.Sum", "KernelHeight", "KernelWidth", "Stride =", "StrideDepth", "StrideHeight",
            "Padding =", "PaddingWidth", "PaddingTop", "PaddingLeft", "Dilation =", "DilationHeight", "Groups", "Bias = false", "AutoPad.Same", "AutoPad.Full", "AutoPad.Valid", "CeilMode = true",
            "CountIncludePad = false", "InputGradient = true", "[Branch]", "[Branch, Conv2D", "[Branch, Dense", "[Add]", "[Concat]", "[Multiply]",
            "Upsample", "[Pad", "Shuffle", "ConvTranspose", "AdaptiveAverage",
        ];
        foreach (string word in words)
        {
            int uses = texts.Count(t => t.Contains(word, StringComparison.Ordinal));
            Assert.True(uses >= 5, $"{word} occurs in {uses} of 300 networks");
        }

        foreach (int rank in new[] { 1, 2, 3, 4 })
        {
            Assert.True(Enumerable.Range(1, 300).Count(seed => RandomArchitecture.Draw(seed).Input.Rank == rank) >= 10);
        }
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
