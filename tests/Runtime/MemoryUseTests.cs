using System;
using System.Collections.Generic;
using System.Reflection;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class MemoryUseTests
{
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(1, 10, false)]
    [InlineData(3, 2, false)]
    [InlineData(3, 10, false)]
    [InlineData(3, 10, true)]
    public void The_memory_of_training_is_what_a_trainer_holds(int threads, int blocks, bool inputGradient)
    {
        using var network = new LinearNetwork(new NetworkOptions { Threads = threads }, inputGradient: inputGradient);
        int samples = network.Isa.Lanes() * blocks;
        using var trainer = new RegressionTrainer(network, samples, new Adam());
        trainer.Step(LinearNetwork.Noise(samples * LinearNetwork.Inputs, 1), LinearNetwork.Noise(samples * LinearNetwork.Outputs, 2));
        Assert.Equal(HeldBy(trainer), MemoryUse.Of(network, samples, trainer.Optimizer).Training);
    }

    [Fact]
    public void The_copies_for_an_optimizer_of_ones_own_count()
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Lion(0.01), new Lars(0.01), new Lamb(0.01), new FreeOptimizer(c => { })])
        {
            using var network = new LinearNetwork();
            using var trainer = new RegressionTrainer(network, 3, optimizer);
            trainer.Step(LinearNetwork.Noise(3 * LinearNetwork.Inputs, 1), LinearNetwork.Noise(3 * LinearNetwork.Outputs, 2));
            Assert.Equal(HeldBy(trainer), MemoryUse.Of(network, 3, optimizer).Training);
        }
    }

    [Theory]
    [InlineData(1, 1, false, 10_000_000)]
    [InlineData(1, 10, false, 10_000_000)]
    [InlineData(3, 10, false, 10_000_000)]
    [InlineData(1, 10, true, 10_000_000)]
    [InlineData(3, 10, true, 10_000_000)]
    [InlineData(3, 10, true, 1)]
    public void With_a_loss_of_the_callers_the_arenas_of_all_blocks_count(int threads, int blocks, bool inputGradient, long multiplyAdds)
    {
        using var network = new LinearNetwork(
            new NetworkOptions { Threads = threads }, loss: null, inputGradient, multiplyAdds: multiplyAdds, externalLoss: true);
        int samples = network.Isa.Lanes() * blocks;
        using var trainer = Trainer.For(network, samples, new Sgd(0.1));
        float[] outputs = new float[samples * LinearNetwork.Outputs];
        trainer.Forward(LinearNetwork.Noise(samples * LinearNetwork.Inputs, 1), outputs);
        trainer.Backward(outputs);
        trainer.Update();
        long held = HeldBy(trainer);
        Assert.True(held >= sizeof(float) * (long)blocks * network.Program.TrainingArenaLength);
        Assert.Equal(held, MemoryUse.Of(network, samples, trainer.Optimizer).Training);
    }

    [Fact]
    public void A_network_that_cannot_be_trained_takes_nothing_for_it()
    {
        using var network = new LinearNetwork(loss: null);
        Assert.Equal(0, MemoryUse.Of(network, 8, new Sgd(0.1)).Training);
    }

    /// <summary>Bytes of native memory that a trainer has and its network has not.</summary>
    private static long HeldBy(Trainer trainer)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Find(trainer.Network, seen);
        return Find(trainer, seen);
    }

    /// <summary>Bytes of native memory that the library's objects lead to, those left out that were seen before.</summary>
    private static long Find(object? value, HashSet<object> seen)
    {
        if (value is null || !seen.Add(value))
        {
            return 0;
        }

        long bytes = 0;
        if (value is AlignedMemory memory)
        {
            return sizeof(float) * memory.Length;
        }

        if (value is AlignedMemory[] pieces)
        {
            foreach (AlignedMemory piece in pieces)
            {
                bytes += Find(piece, seen);
            }

            return bytes;
        }

        for (Type? type = value.GetType(); type is not null; type = type.BaseType)
        {
            if (type.Assembly != typeof(Trainer).Assembly)
            {
                continue;
            }

            foreach (FieldInfo field in type.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                bytes += field.FieldType.IsClass && !field.FieldType.IsPointer ? Find(field.GetValue(value), seen) : 0;
            }
        }

        return bytes;
    }
}
