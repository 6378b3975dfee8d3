using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Tests;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Limits of what compiled networks compute, and of the memory that their training takes.</summary>
public sealed class LimitTests
{
    private static readonly CompiledNetworks Types = NetworkCompiler.Compile(
        [
            "[Network, Input(64, 12, 12), Conv2D(48, 3, Padding = 1)] public partial class Tiles;",
            "[Network, Input(8, 16, 16), Conv2D(40, 3, Padding = 1), ReLU, Conv2D(8, 3)] public partial class Chosen;",
            "[Network, Input(8, 6, 6), Conv2D(8, 3), BatchNorm, Flatten, Dense(3), CrossEntropy] public partial class Normed;",
            "[Network, Input(1103), Dense(601), Dense(3), CrossEntropy] public partial class Wide;",
        ],
        "Limits");

    /// <summary>An outlier in the first row changes outputs of its tile from the third row on, whose windows do not contain it.</summary>
    [Fact]
    public void An_outlier_reaches_its_neighbours_by_Winograd()
    {
        const int Side = 12;
        float[] inputs = Formula.Uniforms(1, 64 * Side * Side), changed = [.. inputs];
        changed[0] = 1e6f;
        float[] before = Outputs("Tiles", inputs, Tiers.Supported[0]), after = Outputs("Tiles", changed, Tiers.Supported[0]);
        Limit.Holds(
            "Winograd's algorithm rounds more than sums of products",
            Enumerable.Range(0, before.Length).Any(i => i / Side % Side >= 2 && MathF.Abs(after[i] - before[i]) > 1e-3f));
    }

    /// <summary>Most layers give the same bits. Here, the tiers choose different algorithms.</summary>
    [Fact]
    public void Tiers_differ_in_the_last_digits()
    {
        Assert.SkipUnless(IsaSelection.IsSupported(Isa.Avx512), "This processor has no AVX-512.");
        float[] inputs = Formula.Uniforms(1, 8 * 16 * 16), widest = Outputs("Chosen", inputs, Isa.Avx512),
            narrower = Outputs("Chosen", inputs, Isa.Avx2);
        Assert.InRange(widest.Zip(narrower, (a, b) => MathF.Abs(a - b)).Max(), 0, 1e-5f);
        Limit.Holds("instruction sets differ in the last digits", !widest.SequenceEqual(narrower));
    }

    [Fact]
    public void Twice_the_batch_takes_twice_the_memory()
    {
        using CompiledNetwork network = Types["Normed"].Create();
        long Training(int samples) => MemoryUse.Of(network, samples, new Sgd(0.1)).Training;
        Limit.Holds("all activations of a batch are in memory at once", Training(512) > 1.9 * Training(256));
    }

    [Fact]
    public unsafe void Beyond_32_samples_all_gradients_are_written()
    {
        var products = new DenseProducts(Types["Wide"].Program(Isa.Vector128));
        products.Begin(null, 0, samples: 32, mayDefer: true);
        Assert.True(products.AreDeferred);
        products.Begin(null, 0, samples: 33, mayDefer: true);
        Limit.Holds("only large dense layers compute gradient and update in one pass", !products.AreDeferred);
    }

    private static float[] Outputs(string name, float[] inputs, Isa isa)
    {
        using CompiledNetwork network = Types[name].Create(isa, seed: 1);
        float[] outputs = new float[network.OutputLength];
        network.Forward(inputs, outputs);
        return outputs;
    }
}
