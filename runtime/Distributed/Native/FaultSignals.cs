using System;
using System.Runtime.InteropServices;

namespace Strata.Distributed.Native;

/// <summary>
/// What this process does on signals of faults, such as SIGSEGV. .NET turns them into exceptions, for instance
/// <see cref="NullReferenceException"/>. Libraries below MPI replace that by a printed stack and the end of the process: UCX does so as
/// soon as it is loaded.
/// </summary>
internal readonly unsafe partial struct FaultSignals
{
    /// <summary>More than any system's struct sigaction.</summary>
    private const int ActionBytes = 512;

    private readonly byte[] _actions;

    private FaultSignals(byte[] actions) => _actions = actions;

    /// <summary>SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV.</summary>
    private static ReadOnlySpan<int> Numbers => OperatingSystem.IsMacOS() ? [4, 5, 6, 10, 8, 11] : [4, 5, 6, 7, 8, 11];

    /// <summary>Keeps what is done now.</summary>
    public static FaultSignals Save()
    {
        byte[] actions = new byte[Numbers.Length * ActionBytes];
        fixed (byte* action = actions)
        {
            for (int i = 0; i < Numbers.Length; i++)
            {
                _ = Change(Numbers[i], null, action + i * ActionBytes);
            }
        }

        return new(actions);
    }

    /// <summary>Does again what was done then.</summary>
    public void Restore()
    {
        fixed (byte* action = _actions)
        {
            for (int i = 0; i < Numbers.Length; i++)
            {
                _ = Change(Numbers[i], action + i * ActionBytes, null);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Change(int signal, void* action, void* old);
}
