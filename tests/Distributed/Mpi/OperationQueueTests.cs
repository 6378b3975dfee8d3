using System;
using System.Threading;
using System.Threading.Tasks;
using Strata.Distributed.Operations;

namespace Strata.Distributed.Tests.Mpi;

/// <summary>The queue between a trainer and MPI's thread, without MPI.</summary>
public sealed class OperationQueueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operations_run_in_their_order_and_no_more_than_the_capacity_wait()
    {
        const int Operations = 10 * OperationQueue.Capacity;
        var queue = new OperationQueue();
        int taken = 0, mostWaiting = 0;
        int begun = 0;
        Task runner = Task.Run(() =>
        {
            while (queue.TryTake(out Operation operation))
            {
                Assert.Equal(taken++, operation.Count);
                mostWaiting = Math.Max(mostWaiting, Volatile.Read(ref begun) - taken);
                queue.End(null);
            }
        }, Cancellation);
        for (int i = 0; i < Operations; i++)
        {
            Assert.Equal(i + 1, queue.Begin(new Operation { Count = i }));
            Volatile.Write(ref begun, i + 1);
        }

        queue.Wait(Operations);
        Assert.Equal(Operations, taken);
        Assert.InRange(mostWaiting, 1, OperationQueue.Capacity);
        queue.Close();
        await runner.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Throws<ObjectDisposedException>(() => queue.Begin(default));
    }

    [Fact]
    public async Task After_a_failure_nothing_runs_and_those_before_it_stand()
    {
        var queue = new OperationQueue();
        long first = queue.Begin(default), second = queue.Begin(default), third = queue.Begin(default);
        Assert.True(queue.TryTake(out _));
        queue.End(null);
        Assert.True(queue.TryTake(out _));
        queue.End(new MpiException("MPI_Allreduce failed: a reason"));
        Assert.True(queue.HasFailed);
        Task last = Task.Run(() => queue.Wait(third), Cancellation);
        Assert.True(queue.TryTake(out _));
        queue.End(null);
        queue.Wait(first);
        Assert.Equal("MPI_Allreduce failed: a reason", Assert.Throws<MpiException>(() => queue.Wait(second)).Message);
        await Assert.ThrowsAsync<MpiException>(() => last.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Throws<MpiException>(() => queue.Begin(default));
    }

    [Fact]
    public void An_operation_that_was_not_begun_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OperationQueue().Wait(1));

    [Fact]
    public void What_was_begun_runs_before_the_queue_is_closed_but_not_before_an_abort()
    {
        var queue = new OperationQueue();
        queue.Begin(default);
        queue.Begin(default);
        queue.Close();
        Assert.True(queue.TryTake(out _));
        queue.End(null);
        Assert.False(queue.IsAbortSeen);
        queue.RequestAbort();
        Assert.False(queue.TryTake(out _));
        Assert.True(queue.IsAbortSeen);
    }
}
