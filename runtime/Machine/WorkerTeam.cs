using System;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Strata;

/// <summary>
/// Worker threads. All networks of the process share one team, so that they do not compete for the processors. A caller reserves workers
/// one by one. So on four processors, two callers with two threads each can work side by side.
/// </summary>
/// <param name="start">Starts a thread, or throws where the process cannot have one more.</param>
/// <param name="milliseconds">A clock; that of the system by default.</param>
internal sealed class WorkerTeam(Action<Thread> start, Func<long>? milliseconds = null)
{
    /// <summary>How long no thread is started after a failed attempt. An attempt can cost more than a call.</summary>
    private const long HiringPauseMilliseconds = 1000;

    /// <summary>
    /// How long an idle worker spins before it parks. This is longer than the serial gap between two steps of a training loop, but too
    /// short to be noticed. Waking a parked worker costs the caller 5–10 µs.
    /// </summary>
    private static readonly long SpinTicks = Environment.ProcessorCount > 1 ? Stopwatch.Frequency * 40 / 1_000_000 : 0;

    private Worker[] _workers = [];
    private int _hired;
    private long _noHiringBefore;

    /// <summary>The process's team.</summary>
    public static WorkerTeam Shared { get; } = new(thread => thread.UnsafeStart());

    private long Now => milliseconds is null ? Environment.TickCount64 : milliseconds();

    /// <summary>
    /// Reserves an idle worker for the caller. Does not wait for busy ones. Starts a new one if the team is smaller than the number of
    /// processors, or than the <paramref name="wanted"/> number of helpers.
    /// </summary>
    /// <returns>The worker; null if there is none. The caller then works alone.</returns>
    internal Worker? TryClaim(int wanted)
    {
        foreach (Worker worker in Volatile.Read(ref _workers))
        {
            if (worker.TryClaim())
            {
                return worker;
            }
        }

        return TryHire(int.Max(wanted, Environment.ProcessorCount - 1));
    }

    // No lock: Thread.Interrupt would end the wait for it.
    private Worker? TryHire(int limit)
    {
        if (Volatile.Read(ref _hired) >= limit || Now < Volatile.Read(ref _noHiringBefore))
        {
            return null;
        }

        int number = Interlocked.Increment(ref _hired);
        if (number <= limit)
        {
            try
            {
                var worker = new Worker(number, start);
                for (Worker[] before = _workers, seen; ; before = seen)
                {
                    seen = Interlocked.CompareExchange(ref _workers, [.. before, worker], before);
                    if (seen == before)
                    {
                        return worker;
                    }
                }
            }
            catch (Exception)
            {
                // The process, its user or its container may have no more threads. The caller works without a helper.
                Volatile.Write(ref _noHiringBefore, Now + HiringPauseMilliseconds);
            }
        }

        Interlocked.Decrement(ref _hired);
        return null;
    }

    /// <summary>One thread, and the field through which a caller gives it work.</summary>
#pragma warning disable CA1001 // A worker lives as long as the process.
    internal sealed class Worker
#pragma warning restore CA1001
    {
        private readonly AutoResetEvent _wake = new(false);
        private readonly ProcessorAffinity _affinity = new(Environment.ProcessId);
        private ParallelJob? _job;
        private int _participant;
        private int _claimed = 1;
        private int _parked;

        /// <summary>Starts a worker that its creator has claimed.</summary>
        public Worker(int number, Action<Thread> start)
        {
            var thread = new Thread(Loop)
            {
                IsBackground = true,
                Name = string.Create(CultureInfo.InvariantCulture, $"Strata worker {number}"),
            };
            start(thread);
        }

        /// <summary>Reserves the worker for a caller.</summary>
        internal bool TryClaim() => Volatile.Read(ref _claimed) == 0 && Interlocked.CompareExchange(ref _claimed, 1, 0) == 0;

        /// <summary>Hands a claimed worker its job.</summary>
        internal void Start(ParallelJob job, int participant)
        {
            _participant = participant;
            _affinity.Avoid(ProcessorAffinity.Current);

            // A full fence on both sides: either the worker sees the job before it parks, or this thread sees it parked.
            Interlocked.Exchange(ref _job, job);
            if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0)
            {
                _wake.Set();
            }
        }

        /// <summary>Takes a job back if the worker has not begun it.</summary>
        internal bool TryRevoke(ParallelJob job)
        {
            if (Interlocked.CompareExchange(ref _job, null, job) != job)
            {
                return false;
            }

            Volatile.Write(ref _claimed, 0);
            return true;
        }

        private void Loop()
        {
            _affinity.Attach();
            long idleSince = Stopwatch.GetTimestamp();
            while (true)
            {
                if (Volatile.Read(ref _job) is not null)
                {
                    RunJob();
                    idleSince = Stopwatch.GetTimestamp();
                }
                else if (Stopwatch.GetTimestamp() - idleSince < SpinTicks)
                {
                    Thread.SpinWait(1);
                }
                else
                {
                    Park();
                    idleSince = Stopwatch.GetTimestamp();
                }
            }
        }

        // Not inlined: the loop's frame must not keep the last job, and with it a network's memory, alive.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void RunJob()
        {
            if (Interlocked.Exchange(ref _job, null) is not { } job)
            {
                return;
            }

            job.Execute(_participant);
            Volatile.Write(ref _claimed, 0);
            job.Leave();
        }

        private void Park()
        {
            Interlocked.Exchange(ref _parked, 1);
            if (Volatile.Read(ref _job) is null || Interlocked.Exchange(ref _parked, 0) == 0)
            {
                try
                {
                    _wake.WaitOne();
                }
                catch (ThreadInterruptedException)
                {
                    // No code should interrupt a worker. If it happens, the process must not end: look for work, and park again.
                }
            }
        }
    }
}
