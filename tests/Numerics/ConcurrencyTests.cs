using System;
using System.Linq;
using System.Threading;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>One instance, many callers.</summary>
public class ConcurrencyTests
{
    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Many_threads_may_call_Forward_at_once(Isa isa)
    {
        const int Callers = 8, Rounds = 30;
        OracleNetwork oracle = Models.LeNet5();
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa, threads: 2, seed: 4);
        int[] batches = [1, 2, 5, 16, 17, 40, 64, 1];
        float[][] inputs = [.. Enumerable.Range(0, Callers).Select(c => Formula.Uniforms(70 + (ulong)c, batches[c] * oracle.Input.Length))];
        float[][] expected = new float[Callers][];
        for (int c = 0; c < Callers; c++)
        {
            expected[c] = new float[batches[c] * 10];
            network.Forward(inputs[c], expected[c]);
        }

        using var start = new Barrier(Callers);
        var failures = new Exception?[Callers];
        Thread[] threads = [.. Enumerable.Range(0, Callers).Select(c => new Thread(() =>
        {
            try
            {
                float[] outputs = new float[expected[c].Length];
                start.SignalAndWait();
                for (int round = 0; round < Rounds; round++)
                {
                    Array.Fill(outputs, float.NaN);
                    network.Forward(inputs[c], outputs);
                    Compare.SameBits(expected[c], outputs, $"caller {c}, round {round}: output");
                }
            }
            catch (Exception e)
            {
                failures[c] = e;
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.All(failures, Assert.Null);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Instances_of_one_class_do_not_disturb_each_other(Isa isa)
    {
        OracleNetwork oracle = Models.Mixed();
        CompiledType type = NetworkCompiler.Compile(oracle);
        float[] Train(int threads)
        {
            using CompiledNetwork network = type.Create(isa, threads, seed: 8);
            using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 40, new Adam());
            for (int step = 0; step < 5; step++)
            {
                trainer.Step(Formula.Uniforms((ulong)step, 40 * oracle.Input.Length), new int[40]);
            }

            float[] weights = new float[network.Parameters[0].Length];
            network.Parameters[0].CopyTo(weights);
            return weights;
        }

        float[] expected = Train(1);
        var results = new float[4][];
        Thread[] threads = [.. Enumerable.Range(0, results.Length).Select(t => new Thread(() => results[t] = Train(2)))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.All(results, weights => Compare.SameBits(expected, weights, "weight"));
    }
}
