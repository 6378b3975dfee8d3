using System;
using System.IO;
using System.Runtime.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>The state of network and trainer after a step that failed.</summary>
public class FailedStepTests
{
    private const int Samples = 100;

    public static TheoryData<string> Replacements => ["set", "load", "copy", "initialize", "checkpoint"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_search_for_what_is_not_finite_takes_no_more_memory_than_the_step(bool phased)
    {
        using var network = new MovingNetwork(phased);
        using var trainer = new RegressionTrainer(network, Samples, new Sgd(0.1));
        float[] inputs = new float[Samples];
        trainer.Step(inputs, inputs);
        int blocks = (Samples + network.Isa.Lanes() - 1) / network.Isa.Lanes(), arenas = network.Kernels.Arenas.Count;
        Assert.Equal(phased ? blocks : 1, arenas);

        // Only the last block has an infinity.
        network.Weight = 1e20f;
        inputs[^1] = 1e20f;
        var e = Assert.Throws<TrainingException>(() => trainer.Step(inputs, new float[Samples]));
        Assert.Equal("dense1", e.Layer);
        Assert.EndsWith(
            "Forward, from finite samples and parameters, it first appears at dense1. "
            + "If the loss has grown before, choose a lower learning rate than 0.1, or clip the gradients.", e.Message);
        Assert.Equal(arenas, network.Kernels.Arenas.Count);
    }

    [Fact]
    public void A_pass_whose_gradients_replace_others_begins_the_step()
    {
        using var network = new MovingNetwork();
        using var trainer = new RegressionTrainer(network, 1, new Sgd(0.1));
        float[] outputs = new float[1];
        trainer.ComputeGradients([8], [0]);
        Assert.Equal(4, network.Mean);

        trainer.Forward([8], outputs);
        Assert.Equal(6, network.Mean);
        trainer.Backward([float.NaN]);
        Assert.Throws<TrainingException>(trainer.Update);
        Assert.Equal(4, network.Mean);

        // Of several passes, the last one's gradients are used.
        trainer.Forward([8], outputs);
        trainer.Backward([1]);
        trainer.Forward([8], outputs);
        Assert.Equal(7, network.Mean);
        trainer.Forward([9], outputs);
        Assert.Equal(8, network.Mean);
        trainer.Backward([float.NaN]);
        Assert.Throws<TrainingException>(trainer.Update);
        Assert.Equal(7, network.Mean);
    }

    [Fact]
    public void A_forward_pass_that_fails_is_taken_back_alone()
    {
        using var network = new MovingNetwork();
        using var trainer = new RegressionTrainer(network, 1, new Sgd(0.1));
        trainer.ComputeGradients([8], [0]);
        Assert.Throws<TrainingException>(() => trainer.Forward([float.NaN], new float[1]));
        Assert.Equal(4, network.Mean);
        Assert.Throws<InvalidOperationException>(trainer.Update);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Forward_passes_without_backward_belong_to_no_step(int passes)
    {
        using var network = new MovingNetwork();
        using var trainer = new RegressionTrainer(network, 1, new Sgd(0.1));
        trainer.Step([8], [0]);
        float mean = network.Mean;
        network.Weight = float.NaN;
        trainer.ComputeGradients([6], [0]);
        for (int i = 0; i < passes; i++)
        {
            trainer.Forward([1], new float[1]);
        }

        Assert.NotEqual(mean, network.Mean);
        Assert.Throws<TrainingException>(trainer.Update);
        Assert.Equal(mean, network.Mean);

        // Nor do they part the parts of a batch.
        network.Weight = 1;
        trainer.AccumulateGradients([4], [0]);
        for (int i = 0; i < passes; i++)
        {
            trainer.Forward([1], new float[1]);
        }

        Assert.Throws<TrainingException>(() => trainer.AccumulateGradients([float.NaN], [0]));
        Assert.Equal(mean, network.Mean);
    }

    [Fact]
    public void A_network_that_cannot_be_created_is_disposed_of_at_once()
    {
        var e = Assert.Throws<ArgumentException>(CreateWithUnknownLayer);
        Assert.StartsWith("Moving has no layer 'none' to observe.", e.Message);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.False(AbandonedNetwork.WasFinalized);
    }

    // In a method of its own, so that nothing on the stack keeps the network.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CreateWithUnknownLayer() => new AbandonedNetwork().Dispose();

    [Theory]
    [MemberData(nameof(Replacements))]
    public void Statistics_that_were_replaced_meanwhile_stay(string way)
    {
        using var network = new MovingNetwork();
        using var other = new MovingNetwork { Mean = way == "initialize" ? 0 : 3 };
        using var trainer = new RegressionTrainer(network, 1, new Sgd(0.1));
        trainer.Step([8], [0]);
        float expected = other.Mean;

        // Before another part of the batch, whose failure takes back itself alone.
        trainer.ComputeGradients([8], [0]);
        Replace();
        Assert.Throws<TrainingException>(() => trainer.AccumulateGradients([float.NaN], [0]));
        Assert.Equal(expected, network.Mean);

        // Before the update of gradients that are not finite, however they were computed.
        network.Weight = float.NaN;
        trainer.ComputeGradients([8], [0]);
        Replace();
        AssertUpdateFails();
        Assert.Equal(expected, network.Mean);

        network.Weight = 1;
        trainer.Forward([8], new float[1]);
        Replace();
        if (way != "checkpoint")
        {
            trainer.Backward([float.NaN]);
        }

        AssertUpdateFails();
        Assert.Equal(expected, network.Mean);

        // A checkpoint drops the gradients, so that there is nothing to update with.
        void AssertUpdateFails() =>
            Assert.IsType(way == "checkpoint" ? typeof(InvalidOperationException) : typeof(TrainingException),
                Record.Exception(trainer.Update));

        void Replace()
        {
            string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
            try
            {
                switch (way)
                {
                    case "set":
                        network.Mean = 3;
                        break;
                    case "load":
                        other.Save(path);
                        network.Load(path);
                        break;
                    case "copy":
                        network.CopyParametersFrom(other);
                        break;
                    case "initialize":
                        network.Initialize(1);
                        break;
                    default:
                        using (var second = new RegressionTrainer(other, 1, new Sgd(0.1)))
                        {
                            second.SaveCheckpoint(path);
                        }

                        trainer.LoadCheckpoint(path);
                        break;
                }
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Its finalizer runs where nobody has disposed of it.</summary>
    private sealed class AbandonedNetwork() : MovingNetwork(options: new NetworkOptions { Observe = ["none"] })
    {
        ~AbandonedNetwork() => WasFinalized = true;

        public static bool WasFinalized { get; private set; }
    }
}
