using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Strata.Distributed.Native;

/// <summary>Processors that a process may use: a bit for each, as in Linux's cpu_set_t.</summary>
internal partial struct ProcessorSet
{
    /// <summary>The size of this type.</summary>
    public const int Bytes = Words * sizeof(ulong);

    /// <summary>8,192 processors.</summary>
    private const int Words = 128;

    private Bits _bits;

    /// <summary>The number of processors; 0 if the system does not tell them.</summary>
    public readonly int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _bits)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>What the launcher, or whoever started it, allows this process. Empty on other systems than Linux.</summary>
    public static unsafe ProcessorSet OfThisProcess()
    {
        var set = default(ProcessorSet);

        // The main thread's: the one that calls may have been moved.
        return OperatingSystem.IsLinux() && GetProcessors(Environment.ProcessId, Bytes, &set) == 0 ? set : default;
    }

    /// <summary>How many of a machine's processors are for one of its ranks.</summary>
    /// <param name="usable">Those that .NET sees: fewer than allowed, if a container has a limit of processor time.</param>
    /// <param name="allowed">Those that this rank may use.</param>
    /// <param name="union">Those that at least one rank of the machine may use.</param>
    /// <param name="sum">Those that the ranks may use, added up: more than the union if they share.</param>
    /// <param name="ranks">The ranks of the machine.</param>
    public static int Share(int usable, int allowed, int union, int sum, int ranks) =>
        Math.Max(1, usable < allowed || sum == 0 ? usable / ranks : (int)((long)usable * union / sum));

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int GetProcessors(int thread, nuint bytes, ProcessorSet* processors);

    [InlineArray(Words)]
    private struct Bits
    {
        private ulong _first;
    }
}
