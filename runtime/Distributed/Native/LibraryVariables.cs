using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Strata.Distributed.Native;

/// <summary>Variables of the environment as C libraries see them. .NET keeps a copy, so that its own methods do not reach them.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class LibraryVariables
{
    /// <summary>Sets a variable, unless the user has set it.</summary>
    public static void SetUnlessSet(string name, string value) => _ = Set(name, value, overwrite: 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Set(string name, string value, int overwrite);
}
