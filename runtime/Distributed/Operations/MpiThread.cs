using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Strata.Distributed.Native;

namespace Strata.Distributed.Operations;

/// <summary>The thread that initialises MPI, makes every call, and finalises.</summary>
/// <remarks>
/// It is a background thread: a process can end while an operation waits for another rank.
/// </remarks>
internal sealed class MpiThread
{
    private readonly MpiLibrary _library;

    private readonly Thread _thread;

    private readonly TaskCompletionSource _started = new();

    private Exception? _failure;

    private int _abortCode = 1;

    private MpiThread(MpiLibrary library)
    {
        _library = library;
        _thread = new(Run) { IsBackground = true, Name = "MPI" };
    }

    public OperationQueue Queue { get; } = new();

    /// <summary>Starts the thread, and returns when MPI is initialised.</summary>
    public static MpiThread Start(MpiLibrary library)
    {
        var thread = new MpiThread(library);
        thread._thread.Start();
        if (Task.WaitAny([thread._started.Task], OperationQueue.Patience) < 0)
        {
            JobEnd.Print(
                $"Process {Environment.ProcessId} on {Environment.MachineName}: "
                + $"has waited {OperationQueue.Patience.TotalSeconds:0.#} s in "
                + $"{nameof(MpiWorld)}.{nameof(MpiWorld.Start)} for the job's other processes. All of them must call it."
                + Environment.NewLine);
        }

        thread._started.Task.GetAwaiter().GetResult();
        return thread;
    }

    /// <summary>Runs what is in the queue, finalises, and ends the thread.</summary>
    /// <param name="limit">How long the other ranks may take.</param>
    /// <returns>Whether they did not take longer.</returns>
    /// <exception cref="MpiException">Finalising failed.</exception>
    public bool Finish(TimeSpan limit)
    {
        Queue.Close();
        bool isFinished = _thread.Join(limit == Timeout.InfiniteTimeSpan ? OperationQueue.Patience : limit);
        if (!isFinished && limit == Timeout.InfiniteTimeSpan)
        {
            Queue.WarnLate?.Invoke($"in {nameof(MpiWorld)}.{nameof(MpiWorld.Dispose)}");
            _thread.Join();
            isFinished = true;
        }

        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return isFinished;
    }

    /// <summary>Ends all processes of the job. Returns if that did not work.</summary>
    /// <param name="code">What the launcher is to return.</param>
    /// <param name="patience">How long the thread may take for the operation that it runs.</param>
    public void Abort(int code, TimeSpan patience)
    {
        _abortCode = code;
        Queue.RequestAbort();
        if (_thread.Join(patience) || Queue.IsAbortSeen)
        {
            return;
        }

        // The thread waits for a rank that will never come. MPI allows no call beside that one, but this call is the last in any case, and
        // it does not wait for other ranks.
        _library.Abort(code);
    }

    private void Run()
    {
        try
        {
            _library.Initialize();
        }
        catch (Exception exception) when (exception is MpiException or EntryPointNotFoundException)
        {
            _started.SetException(exception);
            return;
        }

        _started.SetResult();
        while (Queue.TryTake(out Operation operation))
        {
            Queue.End(Queue.HasFailed ? null : Run(operation));
        }

        if (Queue.IsAbortSeen)
        {
            _library.Abort(_abortCode);
            return;
        }

        try
        {
            MpiLibrary.Complete();
        }
        catch (MpiException exception)
        {
            _failure = exception;
        }
    }

    private unsafe MpiException? Run(in Operation operation)
    {
        try
        {
            void* values = operation.Memory.Pointer;
            switch (operation.Kind)
            {
                case OperationKind.SumFloats:
                    _library.SumFloats(values, operation.Count);
                    break;
                case OperationKind.SumDoubles:
                    _library.SumDoubles(values, operation.Count);
                    break;
                case OperationKind.Broadcast:
                    _library.Broadcast(values, operation.Count, operation.Root);
                    break;
                case OperationKind.Meet:
                    operation.Meeting!.Run(_library);
                    break;
                default:
                    _library.Barrier();
                    break;
            }

            return null;
        }
        catch (MpiException exception)
        {
            return exception;
        }
    }
}
