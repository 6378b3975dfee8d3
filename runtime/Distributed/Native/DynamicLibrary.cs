using System;
using System.Runtime.InteropServices;

namespace Strata.Distributed.Native;

/// <summary>Loads shared libraries.</summary>
/// <remarks>
/// Open MPI's plugins use symbols of the library without depending on it. So its symbols must be visible to all that is loaded later, which
/// .NET's own loader does not do.
/// </remarks>
internal static partial class DynamicLibrary
{
    private const int Now = 2;

    private static int Global => OperatingSystem.IsMacOS() ? 8 : 0x100;

    /// <summary>Loads a library, and makes its symbols visible to others.</summary>
    /// <param name="name">A file name, which the system looks for, or a path.</param>
    /// <param name="handle">The library.</param>
    /// <param name="problem">Why it could not be loaded, in the system's words.</param>
    public static bool TryLoad(string name, out nint handle, out string problem)
    {
        handle = 0;
        problem = "";
        try
        {
            // .NET looks for a function when it is called first, and forgets the error of the call before.
            _ = Error();
            handle = Open(name, Now | Global);
            problem = handle == 0 ? Marshal.PtrToStringUTF8(Error()) ?? $"{name} could not be loaded" : "";
        }
        catch (EntryPointNotFoundException)
        {
            // C libraries of before 2021 have these functions in another library.
            _ = ErrorOld();
            handle = OpenOld(name, Now | Global);
            problem = handle == 0 ? Marshal.PtrToStringUTF8(ErrorOld()) ?? $"{name} could not be loaded" : "";
        }

        return handle != 0;
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Open(string name, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Error();

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint OpenOld(string name, int flags);

    [LibraryImport("libdl.so.2", EntryPoint = "dlerror")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ErrorOld();
}
