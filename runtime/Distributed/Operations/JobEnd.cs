using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Strata.Distributed.Operations;

/// <summary>Ends the whole job when one rank fails, so that the others don't wait for it for ever.</summary>
internal sealed partial class JobEnd
{
    private const int Kill = 9;

    /// <summary>How long an operation that runs may take until MPI_Abort is called beside it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Launchers read what ranks write through pipes, and MPICH's forgets what is in them when it hears of MPI_Abort. So it gets time to
    /// read.
    /// </summary>
    private static readonly TimeSpan ReadingTime = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the other ranks may take to finish, if this one may finish because of an exception.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromSeconds(15);

    /// <summary>Milliseconds in which an exception reaches a finally block.</summary>
    private const int Moment = 1000;

    /// <summary>How long MPI_Abort may take until this process is killed, which the launcher notices.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly MpiThread _thread;

    private readonly string _name;

    private int _hasBegun;

    private bool _isWatching;

    /// <param name="thread">The thread of MPI.</param>
    /// <param name="name">How this process is called in messages: its rank and host.</param>
    public JobEnd(MpiThread thread, string name)
    {
        _thread = thread;
        _name = name;
    }

    /// <summary>The last exception that was thrown on this thread, for the message where one ends the program.</summary>
    [ThreadStatic]
    private static Exception? _lastThrown;

    [ThreadStatic]
    private static long _lastThrownAt;

    /// <summary>
    /// Whether an exception is on its way through this thread's methods, or in a catch block of them. Null where it is not known: NativeAOT
    /// cannot tell.
    /// </summary>
    public static bool? IsExceptionInFlight
    {
        get
        {
            (Exception? thrown, long at) = (_lastThrown, _lastThrownAt);
            try
            {
                return Marshal.GetExceptionPointers() != 0;
            }
            catch (PlatformNotSupportedException)
            {
                // This one is not the program's.
                (_lastThrown, _lastThrownAt) = (thrown, at);
                return null;
            }
        }
    }

    /// <summary>Whether an exception was thrown on this thread a moment ago, caught or not.</summary>
    public static bool WasExceptionThrown => _lastThrown is not null && Environment.TickCount64 - _lastThrownAt < Moment;

    /// <summary>From now on, the job ends where this process ends in another way than by <see cref="StopWatching"/>.</summary>
    public void Watch()
    {
        _isWatching = true;
        AppDomain.CurrentDomain.UnhandledException += EndByUnhandledException;
        AppDomain.CurrentDomain.FirstChanceException += Note;
        AppDomain.CurrentDomain.ProcessExit += EndByExit;
    }

    public void StopWatching()
    {
        _isWatching = false;
        AppDomain.CurrentDomain.UnhandledException -= EndByUnhandledException;
        AppDomain.CurrentDomain.FirstChanceException -= Note;
        AppDomain.CurrentDomain.ProcessExit -= EndByExit;
    }

    /// <summary>Ends the job because an exception leaves the block that holds the world.</summary>
    [DoesNotReturn]
    public void EndByException() => End($"an exception ended the work{Environment.NewLine}{_lastThrown}", 1);

    /// <summary>Prints the message, and ends all processes of the job.</summary>
    [DoesNotReturn]
    public void End(string message, int code)
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) != 0)
        {
            // Another thread does it already.
            SleepForEver();
        }

        new Thread(KillAtLimit) { IsBackground = true, Name = "MPI abort" }.Start();
        Print($"{_name}: {message}{Environment.NewLine}");
        Thread.Sleep(ReadingTime);
        _thread.Abort(code, Patience);
        SleepForEver();
    }

    /// <summary>
    /// Writes to the standard error in one piece: other ranks' messages go before or after it. <see cref="Console.Error"/> may be locked
    /// by a thread that never ends.
    /// </summary>
    public static void Print(string message)
    {
        using Stream error = Console.OpenStandardError();
        error.Write(Encoding.UTF8.GetBytes(message));
    }

    [DoesNotReturn]
    private static void SleepForEver()
    {
        while (true)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private static void KillAtLimit()
    {
        Thread.Sleep(Limit);
        _ = Signal(Environment.ProcessId, Kill);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);

    private void EndByUnhandledException(object sender, UnhandledExceptionEventArgs unhandled) =>
        End($"unhandled exception{Environment.NewLine}{unhandled.ExceptionObject}", 1);

    private void EndByExit(object? sender, EventArgs none)
    {
        if (_isWatching)
        {
            int code = Environment.ExitCode;
            End($"the process ends with code {code}, but its {nameof(MpiWorld)} was not disposed", code == 0 ? 1 : code);
        }
    }

    private void Note(object? sender, FirstChanceExceptionEventArgs thrown) =>
        (_lastThrown, _lastThrownAt) = (thrown.Exception, Environment.TickCount64);
}
