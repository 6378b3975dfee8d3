using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Strata.Distributed.Launching;
using Strata.Distributed.Native;
using Strata.Distributed.Operations;
using Strata.Training;

namespace Strata.Distributed;

/// <summary>
/// The processes that MPI's launcher has started together, such as <c>mpirun -n 4 dotnet app.dll</c>. Without a launcher, the world is this
/// process alone, and no MPI library is loaded.
/// </summary>
/// <remarks>
/// One thread of its own makes all calls of MPI, with blocking functions. A rank that fails ends the job: by an unhandled exception on any
/// thread, by an exception that leaves the block of the <c>using</c>, by <see cref="Abort"/>, or by a process that ends without
/// <see cref="Dispose"/>.
/// </remarks>
public sealed class MpiWorld : ICollectives, IDisposable
{
    /// <summary>After this time, ranks that wait for others say so.</summary>
    private static readonly TimeSpan FirstWord = TimeSpan.FromSeconds(10);

    private static int _starts;

    private readonly MpiThread? _thread;

    private readonly JobEnd? _end;

    private readonly bool _wasExceptionInFlight;

    private long _operations;

    private bool _isDisposed;

    private MpiWorld(MpiLibrary? library, MpiThread? thread)
    {
        Host = Environment.MachineName;
        (Rank, Size, LocalRank, LocalSize) =
            library is null ? (0, 1, 0, 1) : (library.Rank, library.Size, library.LocalRank, library.LocalSize);
        (Threads, Library) = library is null ? (Environment.ProcessorCount, null) : (library.Processors, library.Version);
        _thread = thread;
        if (thread is not null)
        {
            _end = new(thread, Name);
            _end.Watch();
            thread.Queue.WarnLate = place => JobEnd.Print(
                $"{Name}: has waited {OperationQueue.Patience.TotalSeconds:0.#} s for other ranks {place}. If that goes on, a rank does "
                + "not do what the others do: all call the same methods of trainers and worlds, as often and in the same order."
                + Environment.NewLine);
            _wasExceptionInFlight = JobEnd.IsExceptionInFlight == true;
        }
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>The number of this process among those on its machine, from 0 to <see cref="LocalSize"/> − 1.</summary>
    public int LocalRank { get; }

    /// <summary>The number of processes on this machine.</summary>
    public int LocalSize { get; }

    /// <summary>
    /// The threads that suit this process: as many as the launcher gives it processors. Where ranks may use the same ones, because the
    /// launcher binds them to a whole socket or to nothing, each gets its share. For <see cref="NetworkOptions.Threads"/>.
    /// </summary>
    public int Threads { get; }

    /// <summary>The name of this machine.</summary>
    public string Host { get; }

    /// <summary>The MPI library and its version, such as "Open MPI v4.1.4"; null where none is loaded.</summary>
    public string? Library { get; }

    private string Name => $"Rank {Rank} of {Size} on {Host}";

    /// <summary>Joins the processes that were started together. All of them must call it, once.</summary>
    /// <returns>The world. Dispose it at the end: without that, MPI's launchers take the end of a process for a failure.</returns>
    /// <exception cref="MpiException">
    /// A launcher has started this process, but there is no MPI library, or not the launcher's. The message says what was looked for.
    /// </exception>
    /// <exception cref="InvalidOperationException">This process has started MPI before.</exception>
    public static MpiWorld Start()
    {
        if (Launcher.Find(Environment.GetEnvironmentVariable) is not { } launcher)
        {
            return new(null, null);
        }

        if (Interlocked.Exchange(ref _starts, 1) != 0)
        {
            throw new InvalidOperationException("A process can start MPI only once, even if the first world is disposed.");
        }

        FaultSignals signals = OperatingSystem.IsWindows() ? default : FaultSignals.Save();
        MpiLibrary library = MpiLibrary.Load(launcher);
        MpiThread thread = MpiThread.Start(library);
        signals.Restore();
        return new(library, thread);
    }

    /// <inheritdoc/>
    public long BeginAllReduce(Memory<float> values) => Begin(OperationKind.SumFloats, values, 0);

    /// <inheritdoc/>
    public long BeginAllReduce(Memory<double> values) => Begin(OperationKind.SumDoubles, values, 0);

    /// <inheritdoc/>
    public long BeginBroadcast(Memory<byte> values, int root)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, Size);
        return Begin(OperationKind.Broadcast, values, root);
    }

    /// <inheritdoc/>
    public void Wait(long operation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(operation, _operations);
        _thread?.Queue.Wait(operation);
    }

    /// <inheritdoc/>
    public void Barrier() => Wait(Begin(OperationKind.Barrier, Memory<byte>.Empty, 0));

    /// <summary>
    /// Waits until all ranks have called it, but no longer than a limit. After 10 seconds, it writes to the standard error which ranks are
    /// missing.
    /// </summary>
    /// <param name="place">What the ranks wait in, for messages: a method's name.</param>
    /// <param name="limit">How long to wait.</param>
    /// <returns>The ranks that have not come; none if all have. If there are some, <see cref="Abort"/> is the only thing left to do.
    /// </returns>
    public IReadOnlyList<int> Meet(string place, TimeSpan limit)
    {
        ArgumentException.ThrowIfNullOrEmpty(place);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        var meeting = new PatientMeeting(limit, FirstWord, missing => JobEnd.Print(
            $"{Name}: waits in {place} for {(missing.Count == 1 ? "rank" : "ranks")} {string.Join(", ", missing)}{Environment.NewLine}"));
        Wait(Begin(OperationKind.Meet, Memory<byte>.Empty, 0, meeting));
        return meeting.Missing;
    }

    /// <inheritdoc/>
    [DoesNotReturn]
    public void Abort(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_end is not null && !_isDisposed)
        {
            _end.End(message, 1);
        }

        Console.Error.WriteLine($"{Name}: {message}");
        Environment.Exit(1);
    }

    /// <summary>
    /// Ends what was begun, and leaves MPI. It returns when all ranks have called it. If an exception brings it about, it ends the job
    /// instead: the other ranks could wait for this one for ever. NativeAOT cannot tell; if an exception was thrown just before, the other
    /// ranks get 15 seconds.
    /// </summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        bool? isExceptionInFlight = _wasExceptionInFlight ? false : JobEnd.IsExceptionInFlight;
        if (_end is not null && isExceptionInFlight == true)
        {
            _end.EndByException();
        }

        TimeSpan limit = isExceptionInFlight is null && JobEnd.WasExceptionThrown ? JobEnd.Doubt : Timeout.InfiniteTimeSpan;
        if (_thread?.Finish(limit) == false)
        {
            _end!.EndByException();
        }

        _isDisposed = true;
        _end?.StopWatching();
    }

    private long Begin<T>(OperationKind kind, Memory<T> values, int root, PatientMeeting? meeting = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_thread is null)
        {
            return ++_operations;
        }

        MemoryHandle memory = values.Pin();
        try
        {
            var operation = new Operation { Kind = kind, Memory = memory, Count = values.Length, Root = root, Meeting = meeting };
            _operations = _thread.Queue.Begin(operation);
            return _operations;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }
}
