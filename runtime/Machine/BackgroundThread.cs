using System;
using System.Threading;

namespace Strata;

/// <summary>
/// Starts threads for optional work, which a call can skip or do itself. The thread pool is not used: if the process can have no more
/// threads, .NET's thread pool ends the process. Starting a thread directly only throws.
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
