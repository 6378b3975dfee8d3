using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>In a process that may start no more threads, the caller does what would be done in the background, or it is not done.</summary>
public class ThreadlessTests
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs, Count = 23;

    private static readonly float[] Samples = LinearNetwork.Noise(Count * Inputs, 1), Targets = LinearNetwork.Noise(Count * Outputs, 2);

    private static readonly Action<Thread> Refuse = _ => throw new InsufficientMemoryException("no more threads");

    [Fact]
    public void A_thread_that_cannot_be_had_is_told_by_no_exception()
    {
        bool done = false;
        Assert.False(BackgroundThread.TryStart("none", () => done = true, Refuse));
        Assert.False(done);
        using var ended = new ManualResetEventSlim();
        Assert.True(BackgroundThread.TryStart("one", ended.Set));
        ended.Wait(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Without_a_thread_of_its_own_a_source_gives_the_same_steps(bool refuses, bool asynchronous)
    {
        using var network = new LinearNetwork();
        var options = new FitOptions { Epochs = 3 };
        using var source = Source(network, asynchronous ? Delayed(Pieces(4)) : Pieces(4).ToAsyncEnumerable(), options, refuses);
        source.Begin(epoch: 2, step: 1);
        int caller = Environment.CurrentManagedThreadId;
        for (int epoch = 2; epoch <= 3; epoch++)
        {
            for (int step = epoch == 2 ? 1 : 0; step < 3; step++)
            {
                source.Wait(CancellationToken.None);
                Assert.True(source.TryNext(out StepSamples samples));
                int first = step * 10, count = int.Min(10, Count - first);
                Assert.Equal((count, first), (samples.Order.Length, samples.First));
                Assert.Equal(Samples.AsSpan(first * Inputs, count * Inputs), samples.Inputs.Span);
                Assert.Equal(Targets.AsSpan(first * Outputs, count * Outputs), samples.Targets.Values.Span);
            }

            source.Wait(CancellationToken.None);
            Assert.False(source.TryNext(out _));
        }

        Assert.Equal(caller, Environment.CurrentManagedThreadId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_data_throw_comes_out_behind_the_steps_before_it(bool refuses)
    {
        using var network = new LinearNetwork();
        bool closed = false;
        using var source = Source(network, Failing().ToAsyncEnumerable(), new FitOptions(), refuses);
        source.Begin(1, 0);
        source.Wait(CancellationToken.None);
        Assert.True(source.TryNext(out _));
        Assert.Equal("the disk is gone", Assert.Throws<TimeoutException>(() =>
        {
            source.Wait(CancellationToken.None);
            source.TryNext(out StepSamples _);
        }).Message);
        Assert.True(closed);

        IEnumerable<SampleBatch> Failing()
        {
            try
            {
                yield return Piece(0, 10);
                throw new TimeoutException("the disk is gone");
            }
            finally
            {
                closed = true;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_and_leaving_end_the_data(bool refuses)
    {
        using var network = new LinearNetwork();
        bool closed = false;
        using var source = Source(network, Stuck(default), new FitOptions(), refuses);
        source.Begin(1, 0);
        source.Wait(CancellationToken.None);
        Assert.True(source.TryNext(out _));
        using var cancellation = new CancellationTokenSource();
        cancellation.CancelAfter(5);
        source.Wait(cancellation.Token);
        Assert.True(cancellation.IsCancellationRequested);
        await source.EndAsync();
        Assert.True(Volatile.Read(ref closed));

        async IAsyncEnumerable<SampleBatch> Stuck([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ended)
        {
            try
            {
                yield return Piece(0, 10);
                await Task.Delay(Timeout.Infinite, ended);
            }
            finally
            {
                Volatile.Write(ref closed, true);
            }
        }
    }

    [Fact]
    public void A_caller_with_a_context_of_its_own_reads_asynchronous_data_without_it()
    {
        using var network = new LinearNetwork();
        SynchronizationContext? before = SynchronizationContext.Current;
        try
        {
            // One that never runs anything, as that of a user interface does while its thread is held up.
            var context = new SilentContext();
            SynchronizationContext.SetSynchronizationContext(context);
            using var source = Source(network, Delayed(Pieces(4)), new FitOptions(), refuses: true);
            source.Begin(1, 0);
            source.Wait(CancellationToken.None);
            Assert.True(source.TryNext(out _));
            Assert.Same(context, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static StreamSource Source(LinearNetwork network, IAsyncEnumerable<SampleBatch> data, FitOptions options, bool refuses) =>
        new(data, network, new TargetRules(network.Info), null, 10, 10, options, refuses ? Refuse : null);

    private static IEnumerable<SampleBatch> Pieces(int length)
    {
        for (int first = 0; first < Count; first += length)
        {
            yield return Piece(first, int.Min(length, Count - first));
        }
    }

    private static SampleBatch Piece(int first, int count) =>
        new(Samples.AsMemory(first * Inputs, count * Inputs), Targets.AsMemory(first * Outputs, count * Outputs));

    private static async IAsyncEnumerable<SampleBatch> Delayed(IEnumerable<SampleBatch> data)
    {
        foreach (SampleBatch piece in data)
        {
            await Task.Yield();
            yield return piece;
        }
    }

    private sealed class SilentContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
