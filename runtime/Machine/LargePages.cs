using System;
using System.Runtime.InteropServices;

namespace Strata;

/// <summary>
/// Pages of 2 MiB, for which Linux may be asked: memory is then there after a 512th of the page faults, each of which clears
/// its page, and kernels that stream weights miss fewer translations of addresses. Elsewhere, and where the system has none to
/// give, pages are small.
/// </summary>
internal static partial class LargePages
{
    /// <summary>Bytes of a large page of x86 and of Arm with pages of 4 KiB.</summary>
    public const nint Size = 2 << 20;

    private const int MadviseHugePage = 14;

    /// <summary>Whether so many bytes fill a large page.</summary>
    public static bool Suit(long bytes) => bytes >= Size && OperatingSystem.IsLinux();

    /// <summary>Asks for large pages for those that memory fills.</summary>
    /// <param name="address">A multiple of the size of a large page.</param>
    /// <param name="bytes">The memory's.</param>
    public static void Ask(nint address, long bytes)
    {
        try
        {
            // A piece of advice: a kernel that has no large pages says so, and nothing is lost.
            _ = Advise(address, (nuint)(bytes / Size * Size), MadviseHugePage);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);
}
