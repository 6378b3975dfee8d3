using System;
using System.Threading;

namespace Strata;

/// <summary>
/// Threads for work that a call can do without, or do itself. Where a process may have no more threads, the pool of .NET ends it when it is
/// asked for work; a thread of one's own can be tried.
/// </summary>
internal static class BackgroundThread
{
    /// <summary>Starts a thread that does not keep the process alive.</summary>
    /// <param name="name">What debuggers call it.</param>
    /// <param name="work">What it does. Must not throw.</param>
    /// <param name="start">Starts it; null for the usual way.</param>
    /// <returns>False where no thread can be had; nothing was done then.</returns>
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
            // The process, its user or its container has as many threads as it may, or no memory for a stack. Whatever it is, the caller
            // does without.
            return false;
        }
    }
}
