using System;
using System.Globalization;
using System.IO;

namespace Strata.Compiler.Emission;

/// <summary>Who may write files and folders, on Unix. On Windows nothing is known.</summary>
internal static class FileAccessRights
{
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>How others than this user and the system's may write a file or folder; null if they may not.</summary>
    public static string? WhyOthersMayWrite(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        UnixFileMode mode = File.GetUnixFileMode(path);
        uint owner = FileStatus.OwnerOf(path), user = FileStatus.User;
        return (mode & Others) != 0 ? $"{path} has the permissions {Convert.ToString((int)mode, 8)}"
            : owner == user || owner == 0 ? null
            : string.Create(CultureInfo.InvariantCulture, $"{path} belongs to the user {owner}, and this process to {user}");
    }
}
