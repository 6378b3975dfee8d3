using System;
using System.IO;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>What surrounds training steps, for networks whose layers share parameters.</summary>
public sealed class SharedParameterTrainingTests
{
    private const int Batch = 5;

    private static readonly CompiledNetworks Compiled = NetworkCompiler.Compile(
        [
            .. new[] { "Plain", "Recomputed" }.Select(name => $"[Network{(name == "Plain" ? "" : "(Recompute = true)")}, Input(4, 8, 8)]\n"
                + "[Conv2D(4, 3, Padding = 1, Name = \"a\"), ReLU, Conv2D(4, 3, Padding = 1, Weights = \"a\"), ReLU]\n"
                + "[Conv2D(4, 3, Padding = 1, Weights = \"a\"), Flatten, Dense(3), CrossEntropy]\n"
                + $"public partial class {name};"),
        ],
        "SharedParameterTraining");

    [Fact]
    public void A_checkpoint_goes_on_with_the_same_bits()
    {
        string path = Path.GetTempFileName();
        try
        {
            using CompiledNetwork network = Compiled["Plain"].Create(seed: 2), other = Compiled["Plain"].Create(seed: 3);
            using (ClassificationTrainer trainer = Train(network, 3))
            {
                trainer.SaveCheckpoint(path);
                Step(trainer, 3, 3);
            }

            using ClassificationTrainer resumed = Train(other, 0);
            resumed.LoadCheckpoint(path);
            Step(resumed, 3, 3);
            Assert.Equal(Bits(network), Bits(other));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Steps_that_compute_values_again_have_the_same_bits()
    {
        using CompiledNetwork network = Compiled["Plain"].Create(seed: 2), other = Compiled["Recomputed"].Create(seed: 2);
        using ClassificationTrainer plain = Train(network, 4), again = Train(other, 4);
        Assert.Equal(Bits(network), Bits(other));
    }

    [Fact]
    public void Parameters_are_counted_once()
    {
        using CompiledNetwork network = Compiled["Plain"].Create(seed: 2);
        Assert.Equal((4 * 4 * 9) + 4 + (256 * 3) + 3, network.Parameters.Sum(parameter => parameter.Length));
        Assert.Equal(network.Parameters.Sum(parameter => parameter.Length), network.Info.Layers.Sum(layer => layer.ParameterCount));
    }

    private static ClassificationTrainer Train(CompiledNetwork network, int steps)
    {
        var trainer = (ClassificationTrainer)Trainer.For(network, Batch, new AdamW(0.01) { WeightDecay = 0.1 });
        Step(trainer, 0, steps);
        return trainer;
    }

    private static void Step(ClassificationTrainer trainer, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            trainer.Step(Formula.Uniforms((ulong)i + 1, Batch * 4 * 8 * 8), [.. Enumerable.Range(0, Batch).Select(n => (n + i) % 3)]);
        }
    }

    private static int[] Bits(CompiledNetwork network) => [.. network.Parameters.SelectMany(parameter =>
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values.Select(BitConverter.SingleToInt32Bits);
    })];
}
