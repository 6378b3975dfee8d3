using System;
using System.Threading;

namespace Strata;

/// <summary>
/// Threads for optional work: what a call can do without, or do itself. Where a process may have no more threads, .NET's thread pool ends
/// the process when it is given work. To start a thread of our own only throws.
/// </summary>
internal static class BackgroundThread
{
    /// <summary>Starts a thread that does not keep the process alive.</summary>
    /// <param name="name">What debuggers call it.</param>
    /// <param name="work">The work. Must not throw.</param>
    /// <param name="start">Starts the thread, for tests; null for the usual way.</param>
    /// <returns>False if the system gives no thread. Nothing was done then.</returns>
    public static bool TryStart(string name, Action work, Action<Thread>? start = null)
    {
        try
        {
            var thread = new Thread(() => work()) { IsBackground = true, Name = name };
            if (start is null)
            {
                thread.UnsafeStart();
            }
            else
            {
                start(thread);
            }

            return true;
        }
        catch (Exception)
        {
            // The process, its user or its container may have no more threads, or there is no memory for a stack.
            return false;
        }
    }
}
