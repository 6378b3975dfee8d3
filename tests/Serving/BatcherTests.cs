using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Strata.Serving.Batching;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Batches, with an engine whose time the tests rule.</summary>
public sealed class BatcherTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Calls_that_wait_together_are_computed_together()
    {
        var engine = new Engine { IsHeld = true };
        Batcher batcher = Start(engine, new ModelOptions { MaxBatch = 4, MaxDelay = TimeSpan.Zero });
        var first = new Call(batcher, 0);
        engine.AwaitHeld();
        Call[] calls = [first, .. Enumerable.Range(1, 5).Select(i => new Call(batcher, i))];
        engine.Release();
        await Task.WhenAll(calls.Select(call => call.Task)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.All(calls, (call, i) => Assert.Equal(2 * i, call.Result));

        // The first was computed while the others came.
        Assert.Equal([1, 4, 1], engine.Batches);
        batcher.Close();
    }

    [Fact]
    public async Task As_many_calls_as_last_time_are_awaited_but_not_for_longer_than_the_delay()
    {
        var engine = new Engine { IsHeld = true, Costs = BatchCosts.From(Enumerable.Range(1, 8).Select(size => (size, 4 + (double)size))) };
        Batcher batcher = Start(engine, new ModelOptions { MaxBatch = 8, MaxDelay = TimeSpan.FromSeconds(1) });
        var alone = new Call(batcher, 0);
        engine.AwaitHeld();
        Call[] first = [.. Enumerable.Range(1, 3).Select(i => new Call(batcher, i))];
        engine.Release();
        await Task.WhenAll(first.Append(alone).Select(call => call.Task)).WaitAsync(Soon, TestContext.Current.CancellationToken);

        // Three were awaited; when they come, nothing else is.
        Call[] second = [.. Enumerable.Range(0, 3).Select(i => new Call(batcher, i))];
        await Task.WhenAll(second.Select(call => call.Task)).WaitAsync(Soon, TestContext.Current.CancellationToken);

        // Less than three come: the delay ends the wait.
        await new Call(batcher, 1).Task.WaitAsync(Soon, TestContext.Current.CancellationToken);
        await new Call(batcher, 1).Task.WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Equal([1, 3, 3, 1, 1], engine.Batches);
        batcher.Close();
    }

    [Fact]
    public async Task A_call_that_fails_does_not_fail_those_in_its_batch()
    {
        var engine = new Engine { IsHeld = true, Poison = 3 };
        Batcher batcher = Start(engine, new ModelOptions { MaxDelay = TimeSpan.Zero });
        Call[] calls = [.. Enumerable.Range(0, 5).Select(i => new Call(batcher, i))];
        engine.Release();
        await Assert.ThrowsAsync<InvalidOperationException>(() => calls[3].Task);
        await Task.WhenAll(calls.Where((_, i) => i != 3).Select(call => call.Task)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Equal([0, 2, 4, 8], calls.Where((_, i) => i != 3).Select(call => call.Result));
        batcher.Close();
    }

    [Fact]
    public async Task A_full_queue_refuses_calls_and_says_when_to_come_again()
    {
        var engine = new Engine { IsHeld = true };
        Batcher batcher = Start(engine, new ModelOptions { MaxBatch = 2, QueueCapacity = 2 });
        var running = new Call(batcher, 1);
        engine.AwaitHeld();
        Call[] waiting = [new(batcher, 2), new(batcher, 3)];
        QueueFullException full = Assert.Throws<QueueFullException>(() => { _ = new Call(batcher, 4); });
        Assert.Contains("full: 2 samples wait", full.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(2), full.RetryAfter);
        engine.Release();
        await Task.WhenAll(waiting.Append(running).Select(call => call.Task)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        batcher.Close();
    }

    [Fact]
    public async Task A_call_that_waits_too_long_ends_and_is_not_computed()
    {
        var time = new FakeTimeProvider();
        var engine = new Engine { IsHeld = true };
        Batcher batcher = Start(engine, new ModelOptions { Timeout = TimeSpan.FromSeconds(3) }, time);
        var running = new Call(batcher, 1);
        engine.AwaitHeld();
        Call patient = new(batcher, 2, new InferenceOptions { Timeout = TimeSpan.FromMinutes(1) }), waiting = new(batcher, 3);
        time.Advance(TimeSpan.FromSeconds(4));
        InferenceTimeoutException exception = await Assert.ThrowsAsync<InferenceTimeoutException>(() => waiting.Task);
        Assert.Contains("waited 3,000 ms", exception.Message, StringComparison.Ordinal);
        engine.Release();
        await Task.WhenAll(running.Task, patient.Task).WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Equal([1, 1], engine.Batches);
        batcher.Close();
    }

    [Fact]
    public async Task A_cancelled_call_leaves_the_queue()
    {
        var engine = new Engine { IsHeld = true };
        Batcher batcher = Start(engine, new ModelOptions { QueueCapacity = 16 });
        using var cancellation = new CancellationTokenSource();
        var running = new Call(batcher, 1, cancellation: cancellation.Token);
        engine.AwaitHeld();
        var waiting = new Call(batcher, 2, cancellation: cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting.Task);
        Assert.Equal(0, batcher.Waiting);
        Assert.Throws<OperationCanceledException>(() => { _ = new Call(batcher, 3, cancellation: cancellation.Token); });

        // What is being computed ends as usual.
        engine.Release();
        await running.Task.WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Equal(2, running.Result);
        batcher.Close();
    }

    [Fact]
    public async Task Calls_that_have_ended_are_freed_while_others_of_a_higher_priority_wait()
    {
        var time = new FakeTimeProvider();
        var engine = new Engine { IsHeld = true };
        Batcher batcher = Start(engine, new ModelOptions { MaxBatch = 1, MaxDelay = TimeSpan.Zero }, time);
        Call running = new(batcher, 0), high = new(batcher, 1, new InferenceOptions { Priority = InferencePriority.High });
        engine.AwaitHeld();
        var ended = new List<WeakReference>();
        for (int i = 0; i < 20; i++)
        {
            ended.AddRange(await LateAsync(batcher, time, 500));
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal(10_000, ended.Count);

        // The turn of the last ones may still be on the stack.
        Assert.Equal(0, ended.SkipLast(500).Count(call => call.IsAlive));
        Assert.Equal(1, batcher.Waiting);
        engine.Release();
        await Task.WhenAll(running.Task, high.Task).WaitAsync(Soon, TestContext.Current.CancellationToken);
        batcher.Close();
    }

    [Fact]
    public async Task Others_are_awaited_since_the_first_call_that_still_waits()
    {
        var time = new FakeTimeProvider();
        var costs = BatchCosts.From(Enumerable.Range(1, 8).Select(size => (size, 20 + (double)size)));
        var queue = new CallQueue(capacity: 16, maxBatch: 8, maxDelay: TimeSpan.FromSeconds(10), time);
        var batch = new List<InferenceCall>();
        InferenceCall Add(InferencePriority priority = InferencePriority.Normal)
        {
            var call = InferenceCall.Rent(new float[1], new float[1], 1, priority, time.GetTimestamp());
            Assert.True(queue.TryAdd(call));
            return call;
        }

        Array.ForEach([1, 2, 3], _ => Add());
        Assert.True(queue.Take(batch, costs));
        Assert.Equal(3, batch.Count);
        batch.Clear();

        // Three are awaited again, for ten seconds. The one that left had waited longer.
        Assert.True(queue.TryRemove(Add(InferencePriority.Low)));
        time.Advance(TimeSpan.FromSeconds(11));
        Add();
        Task<bool> take = Task.Run(() => queue.Take(batch, costs), TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Add();
        Add();
        Assert.True(await take.WaitAsync(Soon, TestContext.Current.CancellationToken));
        Assert.Equal(3, batch.Count);
    }

    [Fact]
    public async Task Calls_of_a_high_priority_come_first_and_those_of_a_low_one_last()
    {
        var engine = new Engine { IsHeld = true };
        Batcher batcher = Start(engine, new ModelOptions { MaxBatch = 1, MaxDelay = TimeSpan.Zero });
        var running = new Call(batcher, 0);
        engine.AwaitHeld();
        InferencePriority[] order = [InferencePriority.Low, InferencePriority.Normal, InferencePriority.High, InferencePriority.Normal];
        Call[] calls = [.. order.Select((priority, i) => new Call(batcher, i + 1, new InferenceOptions { Priority = priority }))];
        engine.Release();
        await Task.WhenAll(calls.Append(running).Select(call => call.Task)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Equal([0, 3, 2, 4, 1], engine.Inputs);
        batcher.Close();
    }

    [Fact]
    public void A_call_of_a_low_priority_is_computed_though_others_of_a_high_one_keep_coming()
    {
        var time = new FakeTimeProvider();
        var queue = new CallQueue(capacity: 16, maxBatch: 1, maxDelay: TimeSpan.Zero, time);
        var batch = new List<InferenceCall>();
        InferenceCall[] waiting = [.. new[] { InferencePriority.Low, InferencePriority.Normal }.Select(Add)];
        var computed = new List<double>();
        for (int i = 0; waiting.Length > computed.Count && i < 100; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            Add(InferencePriority.High);
            Assert.True(queue.Take(batch, BatchCosts.From((1, 1.0))));
            if (waiting.Contains(batch[0]))
            {
                computed.Add(i / 10.0);
            }

            batch.Clear();
        }

        // A second later each, and as many calls of the high priority as came before.
        Assert.Equal([1.0, 2.1], computed, (a, b) => Math.Abs(a - b) < 0.25);

        InferenceCall Add(InferencePriority priority)
        {
            var call = InferenceCall.Rent(new float[1], new float[1], 1, priority, time.GetTimestamp());
            Assert.True(queue.TryAdd(call));
            return call;
        }
    }

    [Fact]
    public async Task Engines_are_exchanged_between_two_batches()
    {
        Engine old = new() { IsHeld = true }, next = new() { Factor = 3 };
        Batcher batcher = Start(old, new ModelOptions { MaxBatch = 4, MaxDelay = TimeSpan.Zero });
        var running = new Call(batcher, 1);
        old.AwaitHeld();
        Call[] waiting = [.. Enumerable.Range(2, 5).Select(i => new Call(batcher, i))];
        Task<IBatchEngine> exchange = batcher.ExchangeAsync(next);
        Assert.Throws<InvalidOperationException>(() => { _ = batcher.ExchangeAsync(next); });
        Assert.False(exchange.IsCompleted);
        old.Release();
        Assert.Same(old, await exchange.WaitAsync(Soon, TestContext.Current.CancellationToken));
        await Task.WhenAll(waiting.Append(running).Select(call => call.Task)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Equal([2, 6, 9, 12, 15, 18], waiting.Prepend(running).Select(call => call.Result));

        // Also when no call comes.
        Assert.Same(next, await batcher.ExchangeAsync(old).WaitAsync(Soon, TestContext.Current.CancellationToken));
        Assert.Same(old, batcher.Close());
    }

    [Fact]
    public async Task A_batcher_that_ends_computes_what_waits_and_takes_nothing_more()
    {
        var engine = new Engine { IsHeld = true };
        Batcher batcher = Start(engine, new ModelOptions { MaxBatch = 2, MaxDelay = TimeSpan.Zero });
        Call[] calls = [.. Enumerable.Range(0, 5).Select(i => new Call(batcher, i))];
        Task<IBatchEngine> end = Task.Run(batcher.Close, TestContext.Current.CancellationToken);
        engine.Release();
        await Task.WhenAll([.. calls.Select(call => call.Task), end]).WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Throws<ModelUnavailableException>(() => { _ = new Call(batcher, 1); });
    }

    [Fact]
    public async Task A_call_that_takes_less_time_than_to_hand_it_over_is_computed_at_once()
    {
        var engine = new Engine { Costs = BatchCosts.From((1, 10e-6), (2, 200e-6)) };
        Batcher batcher = Start(engine, new ModelOptions { MaxBatch = 2 });
        float[] output = new float[1];
        ValueTask task = batcher.InferAsync(new float[] { 3 }, output, 1, default, TestContext.Current.CancellationToken);
        Assert.True(task.IsCompletedSuccessfully);
        await task;
        Assert.Equal(6, output[0]);
        Assert.Same(engine, batcher.Close());
        Assert.Throws<ModelUnavailableException>(() => { _ = new Call(batcher, 1); });
    }

    [Fact]
    public void The_best_size_of_a_batch_is_the_one_with_the_least_time_per_sample()
    {
        var costs = BatchCosts.From((1, 1.0), (2, 1.1), (4, 2.5), (8, 3.2));
        Assert.Equal([0, 1, 2, 2, 2, 2, 2, 2, 8, 8], Enumerable.Range(0, 10).Select(costs.Best));
        Assert.Equal(0.4, costs.SecondsOfSample, 12);

        // Four are computed as two and two, and nine as eight and one.
        Assert.Equal([0, 0, 0.9, 0.9, 4.8], new[] { 0, 1, 2, 4, 9 }.Select(samples => Math.Round(costs.Saved(samples).TotalSeconds, 9)));
        var linear = BatchCosts.From((1, 1.0), (2, 2.0), (3, 3.05));
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(linear.Best));
    }

    [Fact]
    public async Task Each_callers_trace_has_its_wait_and_the_computation_of_its_batch()
    {
        var seen = new ConcurrentQueue<Activity>();
        using var source = new ActivitySource(nameof(BatcherTests));
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => one.Name is "Strata.Serving" or nameof(BatcherTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = seen.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var time = new FakeTimeProvider();
        var engine = new Engine { IsHeld = true, Poison = 3 };
        Batcher batcher = Start(engine, new ModelOptions { MaxBatch = 4, MaxDelay = TimeSpan.Zero }, time);

        // The first is computed while the others come, two good ones; then one fails.
        (Call Call, ActivityTraceId Trace) Traced(float input)
        {
            using Activity caller = source.StartActivity("caller", ActivityKind.Internal, parentId: null)!;
            return (new Call(batcher, input), caller.TraceId);
        }

        var first = Traced(0);
        engine.AwaitHeld();
        (Call Call, ActivityTraceId Trace)[] others = [Traced(1), Traced(2)];
        time.Advance(TimeSpan.FromSeconds(5));
        engine.Release();
        await Task.WhenAll(others.Append(first).Select(one => one.Call.Task)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        var failed = Traced(3);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => failed.Call.Task.WaitAsync(Soon, TestContext.Current.CancellationToken));
        batcher.Close();

        string[] Of(ActivityTraceId trace) =>
        [
            .. seen.Where(activity => activity.TraceId == trace && activity.Source.Name == "Strata.Serving").Select(activity =>
                $"{activity.OperationName} {activity.GetTagItem("samples")} {activity.Duration.Seconds} {activity.Status}"),
        ];
        Assert.Equal(["strata.serving.queue 1 0 Unset", "strata.serving.computation 1 5 Unset"], Of(first.Trace));
        Assert.All(others, other => Assert.Equal(
            ["strata.serving.queue 1 5 Unset", "strata.serving.computation 2 0 Unset"], Of(other.Trace)));
        Assert.Equal(["strata.serving.queue 1 0 Unset", "strata.serving.computation 1 0 Error"], Of(failed.Trace));
    }

    /// <summary>Low calls that wait too long.</summary>
    private static async Task<WeakReference[]> LateAsync(Batcher batcher, FakeTimeProvider time, int count)
    {
        var options = new InferenceOptions { Priority = InferencePriority.Low, Timeout = TimeSpan.FromSeconds(1) };
        Call[] calls = [.. Enumerable.Range(0, count).Select(i => new Call(batcher, i, options))];
        time.Advance(TimeSpan.FromSeconds(2));
        foreach (Call call in calls)
        {
            await Assert.ThrowsAsync<InferenceTimeoutException>(() => call.Task);
        }

        return [.. calls.Select(call => new WeakReference(call.Task))];
    }

    internal static Batcher Start(IBatchEngine engine, ModelOptions options, TimeProvider? time = null)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new ServingMetrics(services.GetRequiredService<IMeterFactory>());
        return new Batcher("model", options, engine, new ModelMetrics(metrics, "model"), time ?? TimeProvider.System);
    }

    /// <summary>A call with one number.</summary>
    private sealed class Call
    {
        private readonly float[] _output = new float[1];

        public Call(Batcher batcher, float input, InferenceOptions options = default, CancellationToken cancellation = default) =>
            Task = batcher.InferAsync(new[] { input }, _output, 1, options, cancellation).AsTask();

        public Task Task { get; }

        public float Result => _output[0];
    }

    /// <summary>Multiplies numbers.</summary>
#pragma warning disable CA1001 // Events whose wait handles are never asked for have nothing to free.
    private sealed class Engine : IBatchEngine
#pragma warning restore CA1001
    {
        private readonly ManualResetEventSlim _released = new(true), _held = new();

        public float Factor { get; init; } = 2;

        /// <summary>A number for which it fails.</summary>
        public float Poison { get; init; } = float.NaN;

        /// <summary>Whether batches wait for the test.</summary>
        public bool IsHeld
        {
            init => _released.Reset();
        }

        public ConcurrentQueue<int> Batches { get; } = new();

        public ConcurrentQueue<float> Inputs { get; } = new();

        public int InputLength => 1;

        public int OutputLength => 1;

        public BatchCosts Costs { get; init; } = BatchCosts.From(Enumerable.Range(1, 16).Select(size => (size, (double)size)));

        public IBatchEngine At(ReadOnlySpan<int> size) => this;

        public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs)
        {
            _held.Set();
            _released.Wait();
            if (inputs.Contains(Poison))
            {
                throw new InvalidOperationException("poison");
            }

            Batches.Enqueue(inputs.Length);
            Array.ForEach(inputs.ToArray(), Inputs.Enqueue);

            for (int i = 0; i < inputs.Length; i++)
            {
                outputs[i] = Factor * inputs[i];
            }
        }

        public void AwaitHeld() => Assert.True(_held.Wait(Soon, TestContext.Current.CancellationToken));

        public void Release() => _released.Set();
    }
}
