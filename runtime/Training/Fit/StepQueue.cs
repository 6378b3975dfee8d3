using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Training;

/// <summary>
/// Passes steps from the thread that reads them to the one that trains, and their memory back. It does not use .NET's thread pool: if a
/// process may not start more threads, the pool would end the process.
/// </summary>
/// <param name="most">The most steps that have memory.</param>
/// <param name="create">Allocates memory for a step.</param>
internal sealed class StepQueue(int most, Func<StepMemory> create)
{
    private readonly object _gate = new();

    // A null marks the end of an epoch.
    private readonly Queue<StepMemory?> _full = new();
    private readonly Stack<StepMemory> _free = new();
    private readonly TaskCompletionSource _end = new();
    private ExceptionDispatchInfo? _failure;
    private int _made;
    private bool _isWanted = true;
    private bool _isComplete;

    /// <summary>A task that ends when the reader has ended.</summary>
    public Task End => _end.Task;

    /// <summary>For the reader: takes memory for a step. Waits if all of it is in use.</summary>
    /// <exception cref="OperationCanceledException">The trainer has called <see cref="Stop"/>.</exception>
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

    /// <summary>For the reader: adds a step. Null marks the end of an epoch.</summary>
    public void Add(StepMemory? step) => Change(() => _full.Enqueue(step));

    /// <summary>For the reader: marks the end of all steps.</summary>
    /// <param name="failure">The exception with which the reader failed; null for none.</param>
    public void Complete(Exception? failure)
    {
        Change(() =>
        {
            _failure = failure is null ? null : ExceptionDispatchInfo.Capture(failure);
            _isComplete = true;
        });
        _end.TrySetResult();
    }

    /// <summary>For the trainer: gives the memory of a step back.</summary>
    public void GiveBack(StepMemory step) => Change(() => _free.Push(step));

    /// <summary>For the trainer: asks the reader to end.</summary>
    public void Stop() => Change(() => _isWanted = false);

    /// <summary>For the trainer: waits for the next step and takes it. Null marks the end of an epoch.</summary>
    /// <exception cref="Exception">The reader's exception, after its last step.</exception>
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

    /// <summary>For the trainer: waits until <see cref="Take"/> need not wait. Cancellation ends the wait without an exception.</summary>
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
        lock (_gate)
        {
            change();
            Monitor.PulseAll(_gate);
        }
    }
}
