using System;
using System.Globalization;
using System.Threading;

namespace Strata.Distributed.Operations;

/// <summary>
/// Operations that wait for the thread that runs them, one after the other. One thread begins them and waits; another one takes and ends
/// them. Nothing is allocated.
/// </summary>
internal sealed class OperationQueue
{
    /// <summary>A power of two. Whoever begins more waits.</summary>
    public const int Capacity = 256;

    /// <summary>How long to wait for other ranks without a word.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("STRATA_MPI_PATIENCE"), CultureInfo.InvariantCulture, out double seconds)
            && seconds is > 0 and < 1e6 ? seconds : 60);

    private readonly Operation[] _ring = new Operation[Capacity];

    private readonly object _gate = new();

    private long _begun, _done, _failed = long.MaxValue;

    private Exception? _failure;

    private bool _isClosed, _isAborting;

    /// <summary>
    /// What is awaited: that this many operations have ended. Whoever waits is woken then, and not before. <see cref="long.MaxValue"/> if
    /// nobody waits.
    /// </summary>
    private long _awaited = long.MaxValue;

    /// <summary>Whether the thread that runs operations sleeps until there is one.</summary>
    private bool _isRunnerAsleep;

    /// <summary>Takes what this rank waits in, if that takes longer than <see cref="Patience"/>; null for nobody.</summary>
    public Action<string>? WarnLate { get; set; }

    /// <summary>Whether the thread that runs operations has been told to abort, and has seen it.</summary>
    public bool IsAbortSeen { get; private set; }

    /// <summary>Whether an operation has failed. Those after it are not run.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>Appends an operation.</summary>
    /// <returns>Its number: 1, 2, 3, …</returns>
    /// <exception cref="MpiException">An operation before this one failed.</exception>
    public long Begin(in Operation operation)
    {
        lock (_gate)
        {
            if (_begun - _done == Capacity)
            {
                // Not at the first free place: then each operation would wake and stop this thread.
                SleepUntilDone(_begun - Capacity / 2);
            }

            ObjectDisposedException.ThrowIf(_isClosed, typeof(MpiWorld));
            ThrowIfFailed(_begun + 1);
            _ring[_begun % Capacity] = operation;
            Volatile.Write(ref _begun, _begun + 1);
            WakeRunner();
            return _begun;
        }
    }

    /// <summary>Waits for an operation and all before it.</summary>
    /// <exception cref="MpiException">One of them failed.</exception>
    public void Wait(long number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Volatile.Read(ref _begun));
        var spin = default(SpinWait);
        while (Volatile.Read(ref _done) < number && !spin.NextSpinWillYield)
        {
            spin.SpinOnce();
        }

        // The lock is needed where nothing is waited for, too: it orders what the operation wrote before what its caller reads.
        lock (_gate)
        {
            SleepUntilDone(number);
            ThrowIfFailed(number);
        }
    }

    /// <summary>Waits for the next operation. It stays in the queue until <see cref="End"/>.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>Whether there is one. If not, the queue was closed, or the job is to be aborted.</returns>
    public bool TryTake(out Operation operation)
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref _begun) == _done && !spin.NextSpinWillYield)
        {
            spin.SpinOnce();
        }

        lock (_gate)
        {
            while (_begun == _done && !_isClosed && !_isAborting)
            {
                _isRunnerAsleep = true;
                Monitor.Wait(_gate);
            }

            _isRunnerAsleep = false;

            IsAbortSeen = _isAborting;
            if (_isAborting || _begun == _done)
            {
                operation = default;
                return false;
            }

            operation = _ring[_done % Capacity];
            return true;
        }
    }

    /// <summary>Ends the operation that was taken.</summary>
    /// <param name="failure">Why it failed, or null. Those after it fail for the same reason.</param>
    public void End(Exception? failure)
    {
        lock (_gate)
        {
            if (failure is not null)
            {
                _failed = _done + 1;
                _failure = failure;
            }

            _ring[_done % Capacity].Memory.Dispose();
            _ring[_done % Capacity] = default;
            Volatile.Write(ref _done, _done + 1);
            if (_done >= _awaited)
            {
                _awaited = long.MaxValue;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>No operation is begun any more; those that were are still run.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            WakeRunner();
        }
    }

    /// <summary>Asks the thread that runs operations to abort the job instead of the next one.</summary>
    public void RequestAbort()
    {
        lock (_gate)
        {
            _isAborting = true;
            WakeRunner();
        }
    }

    private void ThrowIfFailed(long number)
    {
        if (number >= _failed)
        {
            throw new MpiException(_failure!.Message, _failure);
        }
    }

    private void SleepUntilDone(long number)
    {
        bool isLate = false;
        while (_done < number)
        {
            // Should several threads wait, against the contract: the first to be reached wakes all, and the others set their numbers again.
            _awaited = Math.Min(_awaited, number);
            if (isLate || _ring[_done % Capacity].Meeting is not null)
            {
                Monitor.Wait(_gate);
            }
            else if (isLate = !Monitor.Wait(_gate, Patience))
            {
                WarnLate?.Invoke($"in operation {_done + 1} ({_ring[_done % Capacity].Describe()})");
            }
        }
    }

    private void WakeRunner()
    {
        if (_isRunnerAsleep)
        {
            _isRunnerAsleep = false;
            Monitor.PulseAll(_gate);
        }
    }
}
