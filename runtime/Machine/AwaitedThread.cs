using System;
using System.Threading;
using System.Threading.Tasks;

namespace Strata;

/// <summary>
/// A thread for work that a caller awaits, one item at a time. If the system gives no more threads, the calling thread runs the work
/// itself. .NET's thread pool would end the process then. An idle thread ends after a second; the next item starts another.
/// </summary>
/// <param name="name">What debuggers call the thread.</param>
/// <param name="start">Starts the thread, for tests; null for the usual way.</param>
internal sealed class AwaitedThread(string name, Action<Thread>? start = null)
{
    private const int MostIdleMilliseconds = 1000;

    private readonly object _gate = new();
    private Action? _next;
    private bool _isRunning;
    private bool _isEnded;

    /// <summary>Runs a work item. The code after the caller's <c>await</c> may run on this thread, and may call this method.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>();
        ExecutionContext? context = ExecutionContext.Capture();
        void Run()
        {
            T result;
            try
            {
                result = work();
            }
            catch (OperationCanceledException e)
            {
                done.SetCanceled(e.CancellationToken);
                return;
            }
            catch (Exception e)
            {
                done.SetException(e);
                return;
            }

            done.SetResult(result);
        }

        Post(context is null ? Run : () => ExecutionContext.Run(context, static run => ((Action)run!)(), (Action)Run));
        return done.Task;
    }

    /// <summary>Lets the thread end as soon as it has done its current work.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Post(Action action)
    {
        lock (_gate)
        {
            if (_isRunning)
            {
                _next = action;
                Monitor.PulseAll(_gate);
                return;
            }

            _isRunning = true;
        }

        if (!BackgroundThread.TryStart(name, () => Loop(action), start))
        {
            lock (_gate)
            {
                _isRunning = false;
            }

            action();
        }
    }

    private void Loop(Action action)
    {
        while (true)
        {
            action();
            lock (_gate)
            {
                if (_next is null && !_isEnded)
                {
                    Monitor.Wait(_gate, MostIdleMilliseconds);
                }

                if (_next is null)
                {
                    _isRunning = false;
                    return;
                }

                (action, _next) = (_next, null);
            }
        }
    }
}
