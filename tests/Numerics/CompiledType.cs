using System;
using System.Linq;
using Strata.CompilerServices;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>A network of which instances can be made.</summary>
internal abstract class CompiledType
{
    public abstract string Name { get; }

    /// <summary>The class; an error if the network is IL.</summary>
    public virtual Type Type => throw new InvalidOperationException($"{Name} is IL; CompileClasses makes classes.");

    /// <summary>The networks that were compiled together with it; an error if they are IL.</summary>
    public virtual CompiledNetworks Origin => throw new InvalidOperationException($"{Name} is IL; CompileClasses makes classes.");

    /// <summary>
    /// What the comments of generated code say of a tier: what each step does, and with which kernel. An error if the network is a class.
    /// </summary>
    public virtual string Comments(Isa isa) => throw new InvalidOperationException($"{Name} is a class; Compile makes IL.");

    public abstract CompiledNetwork Create(NetworkOptions options);

    /// <summary>The kernels of a tier for floats, as the runtime gets them.</summary>
    public abstract NetworkProgram Program(Isa isa);

    public CompiledNetwork Create(Isa? isa = null, int threads = 1, ulong seed = 0) =>
        Create(new NetworkOptions { Isa = isa, Threads = threads, Seed = seed });

    /// <summary>An instance with the oracle's weights.</summary>
    public CompiledNetwork Create(OracleNetwork oracle, Isa isa, int threads = 1, ulong seed = 0)
    {
        CompiledNetwork network = Create(isa, threads, seed);
        CopyWeights(oracle, network);
        return network;
    }

    public static void CopyWeights(OracleNetwork oracle, CompiledNetwork network)
    {
        Assert.Equal(oracle.Parameters.Select(p => p.Key), network.Parameters.Select(p => p.Key));
        for (int k = 0; k < oracle.Parameters.Count; k++)
        {
            Assert.Equal(oracle.Parameters[k].Shape, network.Parameters[k].Shape);
            network.Parameters[k].CopyFrom([.. oracle.Weights[k].Value.Select(v => (float)v)]);
        }
    }

    /// <summary>A trainer: of a class, by the method that is generated for it.</summary>
    public static Trainer CreateTrainer(CompiledNetwork network, int batchSize, Optimizer optimizer) =>
        network is EmittedNetwork ? Trainer.For(network, batchSize, optimizer)
            : (Trainer)network.GetType().GetMethod("CreateTrainer", [typeof(int), typeof(Optimizer)])!
                .Invoke(network, [batchSize, optimizer])!;

    /// <summary>How many steps of training threads share the items of, where a batch has fewer blocks than there are threads.</summary>
    public int SharedTrainingSteps(Isa isa) => Program(isa).TrainingSteps.Count(step => step.Items > 1);
}
