using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Strata;

/// <summary>
/// Independent pieces of work that a calling thread shares with workers. One object serves any number of calls, one after the other, so a
/// call allocates nothing.
/// </summary>
/// <param name="team">The workers that help; null for those that the process shares.</param>
internal abstract class ParallelJob(WorkerTeam? team = null)
{
    private readonly WorkerTeam _team = team ?? WorkerTeam.Shared;
    private WorkerTeam.Worker[] _helpers = [];
    private ExceptionDispatchInfo? _failure;
    private int _pieces;
    private int _next;
    private int _running;

    /// <summary>Does one piece.</summary>
    /// <param name="piece">Number of the piece, counted from 0.</param>
    /// <param name="participant">Number of the thread within this call: 0 for the caller. Each has scratch memory of its own.</param>
    protected abstract void Run(int piece, int participant);

    /// <summary>Does pieces on up to <paramref name="threads"/> threads, the caller's included.</summary>
    /// <param name="pieces">The number of pieces.</param>
    /// <param name="threads">1 or more.</param>
    internal void RunAll(int pieces, int threads)
    {
        int wanted = int.Min(pieces, threads) - 1;
        if (wanted <= 0)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                Run(piece, 0);
            }

            return;
        }

        if (_helpers.Length < wanted)
        {
            _helpers = new WorkerTeam.Worker[threads - 1];
        }

        _pieces = pieces;
        _next = 0;
        _running = 0;
        _failure = null;
        int helpers = 0;
        try
        {
            while (helpers < wanted && _team.TryClaim(wanted) is { } worker)
            {
                _helpers[helpers++] = worker;
                Interlocked.Increment(ref _running);
                worker.Start(this, helpers);
            }

            Execute(0);
        }
        finally
        {
            // Also after an exception: when this method returns, the caller may reuse the memory that the helpers work on.
            Dismiss(helpers);
        }

        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    /// <summary>Takes pieces until none is left.</summary>
    internal void Execute(int participant)
    {
        try
        {
            int piece;
            while ((piece = Interlocked.Increment(ref _next) - 1) < _pieces)
            {
                Run(piece, participant);
            }
        }
        catch (Exception e)
        {
            // The caller rethrows the first exception. The other threads stop early.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            Volatile.Write(ref _next, _pieces);
        }
    }

    /// <summary>A worker calls this last. It does not touch the job afterwards.</summary>
    internal void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>
    /// Waits until no helper works on the job any more. Thread.Interrupt does not end this wait. The interrupt stays pending and ends the
    /// caller's next wait.
    /// </summary>
    private void Dismiss(int helpers)
    {
        // Take the job back from workers that have not woken up yet.
        for (int i = 0; i < helpers; i++)
        {
            if (_helpers[i].TryRevoke(this))
            {
                Interlocked.Decrement(ref _running);
            }
        }

        bool interrupted = false;
        SpinWait wait = default;
        while (Volatile.Read(ref _running) != 0)
        {
            try
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }

        if (interrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}
