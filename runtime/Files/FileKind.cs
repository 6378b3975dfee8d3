using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Strata;

/// <summary>What a path leads to, through all links.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or something that cannot be accessed.</summary>
    None,

    /// <summary>A file with bytes.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A pipe, a socket or a device.</summary>
    Special,
}

/// <summary>Tells regular files from pipes and devices. .NET cannot.</summary>
internal static partial class FileStatus
{
    private const int BufferLength = 512;
    private const int CurrentDirectory = -100;
    private const uint TypeWanted = 1, OwnerWanted = 8;
    private const int StatxModeOffset = 28, MacModeOffset = 4, StatxOwnerOffset = 20, MacOwnerOffset = 16;
    private const int TypeMask = 0xF000, RegularType = 0x8000, DirectoryType = 0x4000;

    /// <summary>The kind of what is at a full path.</summary>
    public static FileKind KindOf(string path)
    {
        if (Directory.Exists(path))
        {
            return FileKind.Directory;
        }

        if (!File.Exists(path))
        {
            return FileKind.None;
        }

        if (OperatingSystem.IsWindows())
        {
            // \\.\NUL, \\.\pipe\name
            return path.StartsWith(@"\\.\", StringComparison.Ordinal) ? FileKind.Special : FileKind.Regular;
        }

        return (UnixMode(path) & TypeMask) switch
        {
            RegularType => FileKind.Regular,
            DirectoryType => FileKind.Directory,
            _ => FileKind.Special,
        };
    }

    // The file's mode, which includes its type (File.GetUnixFileMode gives only the permissions). If the system call does not exist, the
    // mode of a regular file.
    private static unsafe int UnixMode(string path)
    {
        byte* status = stackalloc byte[BufferLength];
        return !TryRead(path, TypeWanted, status) ? RegularType
            : *(ushort*)(status + (OperatingSystem.IsLinux() ? StatxModeOffset : MacModeOffset));
    }

    /// <summary>The number of the user to whom a file or folder belongs, on Unix.</summary>
    /// <exception cref="IOException">The system does not tell.</exception>
    public static unsafe uint OwnerOf(string path)
    {
        byte* status = stackalloc byte[BufferLength];
        return TryRead(path, OwnerWanted, status) ? *(uint*)(status + (OperatingSystem.IsLinux() ? StatxOwnerOffset : MacOwnerOffset))
            : throw new IOException($"{path}: the system does not tell whose it is.");
    }

    /// <summary>The number of the user with whose rights this process runs, on Unix.</summary>
    public static uint User => GetEffectiveUser();

    private static unsafe bool TryRead(string path, uint wanted, byte* status)
    {
        try
        {
            return OperatingSystem.IsLinux() ? Statx(CurrentDirectory, path, 0, wanted, status) == 0
                : OperatingSystem.IsMacOS()
                    && (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? Stat64(path, status) : Stat(path, status)) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    // statx instead of stat: the layout of its result is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat(string path, byte* status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat64(string path, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();
}
