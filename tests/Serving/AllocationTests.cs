using System;
using System.Threading;
using System.Threading.Tasks;
using Strata.Serving.Batching;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Runs while no other test does: what others allocate would count.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Memory per call.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(1e-6)]
    public async Task A_warm_call_allocates_nothing(double seconds)
    {
        var engine = new Engine { Costs = BatchCosts.From((1, seconds)) };
        Batcher batcher = BatcherTests.Start(engine, new ModelOptions { MaxBatch = 1, MaxDelay = TimeSpan.Zero });
        float[] input = [1], output = [0];
        async Task Many(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await batcher.InferAsync(input, output, 1, default, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await Many(1000);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await Many(10_000);

        // No object is smaller than 24 bytes. What the runner itself allocates meanwhile is far less.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 24 * 5_000);
        batcher.Close();
    }

    private sealed class Engine : IBatchEngine
    {
        public int InputLength => 1;

        public int OutputLength => 1;

        public required BatchCosts Costs { get; init; }

        public IBatchEngine At(ReadOnlySpan<int> size) => this;

        public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs) => inputs.CopyTo(outputs);
    }
}
