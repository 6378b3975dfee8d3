using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Strata;

/// <summary>
/// Keeps a worker off the processor of the thread that wakes it. In a virtual machine with two processors, Linux sometimes woke a thread on
/// its waker's processor although the other one was idle. The two threads then took turns for milliseconds. On other systems this class
/// does nothing.
/// </summary>
/// <remarks>
/// The worker may use every other processor that its model thread may use at that time. The model is the process's first thread. So a
/// restriction of the process (<c>taskset</c>, containers) also restricts the worker. If no other processor is left, the worker may use the
/// other ones that it had when it started. Only workers are changed, never the threads of callers.
/// </remarks>
/// <param name="model">The system's number of the model thread.</param>
internal sealed unsafe partial class ProcessorAffinity(int model)
{
    /// <summary>Words of a processor set, for 1,024 processors, as in the C library's own type.</summary>
    private const int Words = 16;

    private ProcessorSet _atFirst;
    private int _thread;
    private int _avoided = -1;

    /// <summary>The processor on which the calling thread runs at this moment; −1 if the system does not say.</summary>
    public static int Current
    {
        get
        {
            try
            {
                return OperatingSystem.IsLinux() ? CurrentProcessor() : -1;
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                return -1;
            }
        }
    }

    /// <summary>Makes the calling thread the worker.</summary>
    public void Attach()
    {
        try
        {
            int thread = OperatingSystem.IsLinux() ? ThreadNumber() : 0;
            Volatile.Write(ref _thread, thread > 0 && TryGet(thread, out _atFirst) ? thread : 0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // The C library has another name, or is too old. The system then places the worker.
        }
    }

    /// <summary>Keeps the worker off a processor. The one that it had to avoid before is allowed again.</summary>
    /// <param name="processor">−1 for none.</param>
    public void Avoid(int processor)
    {
        int thread = Volatile.Read(ref _thread);
        if (processor == _avoided || thread == 0 || processor is < 0 or >= Words * 64 || !TryGet(model, out ProcessorSet processors))
        {
            return;
        }

        if (!TryRemove(ref processors, processor))
        {
            processors = _atFirst;
            _ = TryRemove(ref processors, processor);
        }

        // If the system refuses, don't try again.
        _thread = SetProcessors(thread, (nuint)sizeof(ProcessorSet), &processors) < 0 ? 0 : thread;
        _avoided = processor;
    }

    private static bool TryGet(int thread, out ProcessorSet processors)
    {
        processors = default;
        fixed (ProcessorSet* set = &processors)
        {
            return GetProcessors(thread, (nuint)sizeof(ProcessorSet), set) >= 0;
        }
    }

    /// <summary>Takes a processor out of a set, unless it is the only one.</summary>
    private static bool TryRemove(ref ProcessorSet processors, int processor)
    {
        ProcessorSet others = processors;
        others[processor / 64] &= ~(1UL << (processor % 64));
        if (!((ReadOnlySpan<ulong>)others).ContainsAnyExcept(0UL))
        {
            return false;
        }

        processors = others;
        return true;
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    private static partial int CurrentProcessor();

    [LibraryImport("libc", EntryPoint = "gettid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ThreadNumber();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetProcessors(int thread, nuint bytes, ProcessorSet* processors);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetProcessors(int thread, nuint bytes, ProcessorSet* processors);

    /// <summary>A bit for each processor.</summary>
    [InlineArray(Words)]
    private struct ProcessorSet
    {
        private ulong _first;
    }
}
