using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Training;

/// <summary>
/// Hands steps from the thread that reads them to the one that trains, and their memory back. Only who waits asynchronously needs a thread
/// of the pool, which ends a process that may have no more threads.
/// </summary>
/// <param name="most">The most steps that have memory.</param>
/// <param name="create">Gives it to one more.</param>
internal sealed class StepQueue(int most, Func<StepMemory> create)
{
    private readonly object _gate = new();

    // Null ends an epoch.
    private readonly Queue<StepMemory?> _full = new();
    private readonly Stack<StepMemory> _free = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _waiter;
    private ExceptionDispatchInfo? _failure;
    private int _made;
    private bool _isWanted = true;
    private bool _isComplete;

    /// <summary>Ends when the reader has ended.</summary>
    public Task End => _end.Task;

    /// <summary>For the reader: memory for a step, for which it waits where all of it is in use.</summary>
    /// <exception cref="OperationCanceledException">No more steps are wanted.</exception>
    public StepMemory TakeFree()
    {
        lock (_gate)
        {
            while (true)
            {
                if (!_isWanted)
                {
                    throw new OperationCanceledException();
                }

                if (_free.TryPop(out StepMemory? step))
                {
                    return step.Clear();
                }

                if (_made < most)
                {
                    _made++;
                    return create();
                }

                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>For the reader: a step is there; null ends an epoch.</summary>
    public void Add(StepMemory? step) => Change(() => _full.Enqueue(step));

    /// <summary>For the reader: no more steps come.</summary>
    /// <param name="failure">What it failed with; null where it did not.</param>
    public void Complete(Exception? failure)
    {
        Change(() =>
        {
            _failure = failure is null ? null : ExceptionDispatchInfo.Capture(failure);
            _isComplete = true;
        });
        _end.TrySetResult();
    }

    /// <summary>For the trainer: memory that is free again.</summary>
    public void GiveBack(StepMemory step) => Change(() => _free.Push(step));

    /// <summary>For the trainer: the reader shall end.</summary>
    public void Stop() => Change(() => _isWanted = false);

    /// <summary>For the trainer: the next step, for which it waits; null ends an epoch.</summary>
    /// <exception cref="Exception">What the reader failed with, behind its last step.</exception>
    public StepMemory? Take()
    {
        Wait(CancellationToken.None);
        lock (_gate)
        {
            if (_full.TryDequeue(out StepMemory? step))
            {
                return step;
            }
        }

        _failure?.Throw();
        throw new InvalidOperationException("The data have ended before the last epoch.");
    }

    /// <summary>For the trainer: waits until <see cref="Take"/> would not have to, or for the cancellation, which throws nothing.</summary>
    public void Wait(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static queue => ((StepQueue)queue!).Change(() => { }), this);
        lock (_gate)
        {
            while (!IsReady && !cancellationToken.IsCancellationRequested)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>As <see cref="Wait"/>, without a thread.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        Task ready;
        lock (_gate)
        {
            if (IsReady)
            {
                return;
            }

            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ready = _waiter.Task;
        }

        try
        {
            await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller looks at the token.
        }
    }

    /// <summary>Waits until the reader has ended.</summary>
    public void WaitForEnd()
    {
        lock (_gate)
        {
            while (!_isComplete)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    private bool IsReady => _full.Count > 0 || _isComplete;

    private void Change(Action change)
    {
        TaskCompletionSource? waiter = null;
        lock (_gate)
        {
            change();
            Monitor.PulseAll(_gate);
            if (IsReady)
            {
                (waiter, _waiter) = (_waiter, null);
            }
        }

        waiter?.TrySetResult();
    }
}
