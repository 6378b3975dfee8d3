using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Strata.Compiler.Operators;
using Strata.Numerics.Tests.Drawing;
using Strata.Numerics.Tests.Oracle;
using Xunit;
using Xunit.Sdk;

namespace Strata.Numerics.Tests;

/// <summary>
/// Random networks against the oracle, each in one tier, in turn: 600 of them, and 3,000 by
/// <code>STRATA_RANDOM_NETWORKS=3000 dotnet test tests/Numerics -c Release --filter FullyQualifiedName~Random_networks_agree</code>
/// <c>STRATA_RANDOM_SEED</c> sets the first seed; a failure prints seed and declaration.
/// </summary>
public class RandomNetworkTests(ITestOutputHelper log)
{
    /// <summary>Networks that are compiled together.</summary>
    private const int Together = 25;

    private const int MostFailures = 5;

    /// <summary>As many as it takes to draw every word of the language several times.</summary>
    private const int Drawn = 1000;

    /// <summary>How many are compared; more are a command.</summary>
    private const int Compared = 600;

    [Fact]
    public void Random_networks_agree_with_the_oracle()
    {
        int count = Setting("STRATA_RANDOM_NETWORKS", Compared), first = Setting("STRATA_RANDOM_SEED", 1);
        var failures = new ConcurrentQueue<string>();
        int ambiguous = 0, apart = 0;
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
            if (Compile(seeds, networks, failures) is not { } compiled)
            {
                return;
            }

            foreach (string method in compiled.Compared.SelectMany(one => JitBudget.Measure(one.Image).Over))
            {
                failures.Enqueue($"outside the budget of the JIT: {method}");
            }

            for (int i = 0; i < seeds.Length; i++)
            {
                string name = $"Random{seeds[i]}";

                // Another network finds more than the same one in another tier.
                Isa isa = Tiers.Supported[seeds[i] % Tiers.Supported.Length];
                var comparison = new Comparison(networks[i], seeds[i], Batches(isa.Lanes()));
                if (comparison.IsAmbiguous)
                {
                    // A near tie of maxima decides where an unpooling puts its numbers.
                    Interlocked.Increment(ref ambiguous);
                    continue;
                }

                if (compiled[name].Program(isa).TrainingSampleLength > 0)
                {
                    Interlocked.Increment(ref apart);
                }

                string? difference;
                try
                {
                    string[] over = JitBudget.Measure(((EmittedType)compiled[name]).Emitted(isa)).Over;
                    difference = over.Length > 0 ? $"outside the budget of the JIT: {over[0]}" : comparison.Run(compiled[name], isa);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    difference = e.ToString();
                }

                if (difference is not null)
                {
                    failures.Enqueue($"seed {seeds[i]}, {isa}: {difference}\n{networks[i].Declaration(name)}");
                }

                lock (gate)
                {
                    worst = Math.Max(worst, comparison.Worst);
                }
            }
        });
        log.WriteLine(
            $"{count} networks from seed {first} on, {ambiguous} of them not compared; largest error: {worst:F2} of its tolerance");
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
        Assert.True(ambiguous <= 2 + (count / 50), $"{ambiguous} of {count} networks have near ties");

        // Half are declared so; vectors have lanes nevertheless, and some have nothing to train.
        Assert.True(apart >= count / 4, $"{apart} of {count} networks train with samples apart");
    }

    /// <summary>One sample, a partly filled block of samples, a full one, several and one more.</summary>
    private static int[] Batches(int lanes) => [1, 3, lanes, (2 * lanes) + 1];

    /// <summary>Compiles networks together; where that fails, one by one, and says which are at fault.</summary>
    private static CompiledNetworks? Compile(int[] seeds, OracleNetwork[] networks, ConcurrentQueue<string> failures)
    {
        string[] declarations = [.. seeds.Select((seed, i) => networks[i].Declaration($"Random{seed}"))];
        try
        {
            return NetworkCompiler.Compile(declarations, $"Random{seeds[0]}");
        }
        catch (FailException) when (seeds.Length > 1)
        {
            for (int i = 0; i < seeds.Length; i++)
            {
                Compile(seeds[i..(i + 1)], networks[i..(i + 1)], failures);
            }
        }
        catch (FailException e)
        {
            failures.Enqueue($"seed {seeds[0]}: {e.Message}");
        }

        return null;
    }

    [Fact]
    public void Random_networks_draw_every_operator()
    {
        // As attributes are written. A drawn network has one size and no limits; DeclaredSizesTests compare several.
        string[] texts = [.. Enumerable.Range(1, Drawn).Select(seed => RandomArchitecture.Draw(seed).Declaration("Drawn"))];
        var uses = OperatorSet.BuiltIn.All.Where(operation => operation is not (Sizes or Budget)).ToDictionary(
            operation => operation.Kind, operation => texts.Count(text => Regex.IsMatch(text, $@"(?:\[|, ){operation.Kind}(?:[,\](])")));
        log.WriteLine(string.Join(", ", uses.OrderBy(use => use.Value).Select(use => $"{use.Key} {use.Value}")));
        Assert.Equal([], uses.Where(use => use.Value == 0).Select(use => use.Key));
    }

    [Fact]
    public void Random_networks_draw_every_option_and_structure()
    {
        OracleNetwork[] networks = [.. Enumerable.Range(1, Drawn).Select(RandomArchitecture.Draw)];
        string[] texts = [.. networks.Select(network => network.Declaration("Drawn"))];
        string[] words =
        [
            "[CrossEntropy]", "[MeanSquaredError]", "[CrossEntropy(", "LabelSmoothing", "ClassWeights", "[Hinge", "IgnoreIndex",
            "Reduction.Sum", "Weight = ",
            "Target = ", "Approximate", "KernelHeight", "KernelWidth", "Stride =", "StrideDepth", "StrideHeight", "Padding =",
            "PaddingWidth", "PaddingTop", "PaddingLeft",
            "Dilation =", "DilationHeight", "Groups", "Bias = false", "AutoPad.Same", "AutoPad.Full", "AutoPad.Valid",
            "OutputPadding", "CeilMode = true",
            "CountIncludePad = false", "PaddingMode = PaddingMode", "Mode = PaddingMode", "UpsampleMode.Nearest", "UpsampleMode.Cubic",
            "AlignCorners", "UpsampleCoordinates.", "UpsampleRounding.", "PixelOrder.PixelsFirst", "Left = ",
            "PerChannel", "OverChannels", "KeepAxes", "Axes.Pixels", "Axes.Channels", "Axes.Height", "Axes.Channels | Axes.Width",
            "LayerNorm(Axes =", "Softmax(Axes =", "Epsilon", "Momentum",
            "Affine", "InputGradient = true", "TrainingLayout.Blocked", "TrainingLayout.SampleLanes", "Recompute = true",
            "FreezeUntil", "Frozen = true", "Weights = \"",
            "[Branch]", "[Branch, Conv2D", "[Branch, Dense", "[Branch, N", "[Add]", "[Concat]", "[Multiply]", "[Subtract]",
            "[Attention(", "Causal = true", "ShiftedWindowAttention(", "Shift = ",
            "ScaledDotProductAttention(Heads", "MatMul(TransposeA", "MatMul(TransposeB",
            "Concat(Axis = ", ", Axis = Axes.", "Param(", "Buffer(", "BatchAxis",
            "LSTM(", "GRU(", "Layers = ", "Bidirectional", "[Where(", "[And(", "[Or(", "[Xor(", "[Not",
            "[GreaterOrEqual(", "[LessOrEqual(", "ArgMax", "ArgMin", "Indices = true", "Largest = false", "[Gather", "Embedding(",
            "GridSampleMode.Nearest", "GridSampleMode.Bicubic", "GridPaddingMode.Border", "GridPaddingMode.Reflection",
            "[Divide]", "[Maximum]", "[Minimum]", "[Add(\"", "[Concat(\"",
            "BetaMish(", "Pieces", "Slopes", "TrainedSwish", "[Gate]", "Gate(Tensors",
            "From = ", "\"input\"", "Name = ", "Name = \"enc.",
            "Repeat = ", "x{1}", "Sequential(", "[Sequential]", "Hidden", "Stride = Stride", "stride: ", "Percent / 100.0", " ? ", "(int)",
        ];
        foreach (string word in words)
        {
            int uses = texts.Count(t => t.Contains(word, StringComparison.Ordinal));
            Assert.True(uses >= 5, $"{word} occurs in {uses} of {Drawn} networks");
        }

        Assert.True(texts.Count(text => Regex.IsMatch(text, @"Dense\([^()]*OverChannels")) >= 5);
        Assert.True(texts.Count(text => Regex.IsMatch(text, @"Transpose\((\d, ){4}\d\)")) >= 5);
        Assert.True(texts.Count(text => Regex.IsMatch(text, @"Transpose\((\d, ){5}\d\)")) >= 5);
        foreach (int rank in new[] { 1, 2, 3, 4 })
        {
            Assert.True(networks.Count(network => network.Graph.Inputs.Any(input => input.Output.Rank == rank)) >= 10);
        }

        Assert.True(networks.Count(network => network.Graph.Inputs.Count() > 1) >= 5);
        Assert.True(networks.Count(network => network.Graph.Outputs.Count > 1) >= 5);
        Assert.True(networks.Count(network => network.Graph.Losses.Count > 1) >= 5);
        Assert.True(
            networks.Count(network => network.Graph.Losses.Select(loss => loss.Objective.TakesClasses).Distinct().Count() > 1) >= 5);
        Assert.True(networks.Count(network => network.Graph.HasExternalLoss) >= 5);

        // Branches inside of branches, through blocks; blocks inside of blocks.
        Assert.True(networks.Count(network => HasNestedBranches(network.Items)) >= 5);
        Assert.True(
            networks.Count(network => RandomBlocks.UsedBy(network.Items).Any(block => block.Items.Any(item => item is BlockItem))) >= 5);
    }

    private static bool HasNestedBranches(IEnumerable<ScopeItem> items)
    {
        bool isOpen = false;
        foreach (ScopeItem item in items)
        {
            isOpen = item is BranchItem || (isOpen && item is not JoinItem);
            if (item is BlockItem { Block.Items: var inner } && (HasNestedBranches(inner) || (isOpen && HasBranches(inner))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasBranches(IEnumerable<ScopeItem> items) =>
        items.Any(item => item is BranchItem || (item is BlockItem block && HasBranches(block.Block.Items)));

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
