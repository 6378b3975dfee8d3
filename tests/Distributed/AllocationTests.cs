using System;
using System.Linq;
using Strata.Training;

namespace Strata.Distributed.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void Steps_of_several_ranks_allocate_nothing_of_their_own()
    {
        using var net = new Residual(new NetworkOptions { Seed = 1, Threads = 1 });
        using ClassificationTrainer trainer = net.CreateTrainer(20, new Sgd(0.01) { Momentum = 0.9 });
        trainer.Distribute(new Silent(), new DistributedOptions { SyncBatchNorm = true, BucketSize = 1000 });
        float[] inputs = Data.Inputs(20, Residual.InputLength);
        int[] classes = Data.Classes(20, 5);
        trainer.Step(inputs, classes);

        // What the JIT does on this thread may allocate, but not in each of several rounds.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            trainer.Step(inputs, classes);
            trainer.Step(inputs, classes);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }

    /// <summary>Rank 0 of two. The other one sends zeros.</summary>
    private sealed class Silent : ICollectives
    {
        public int Rank => 0;

        public int Size => 2;

        public long BeginAllReduce(Memory<float> values) => 0;

        public long BeginAllReduce(Memory<double> values) => 0;

        public long BeginBroadcast(Memory<byte> values, int root) => 0;

        public void Wait(long operation)
        {
        }

        public void Barrier()
        {
        }

        public void Abort(string message) => throw new InvalidOperationException(message);
    }
}
