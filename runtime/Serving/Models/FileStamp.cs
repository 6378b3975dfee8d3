using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Strata.Serving.Models;

/// <summary>
/// What tells whether a file has changed, or another one has taken its place. Time and length are not enough: Kubernetes exchanges links,
/// and tools that copy files keep their times.
/// </summary>
/// <param name="Written">When its content was written last.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Identity">Its device, its inode and the time of its last change of any kind, where Linux tells them.</param>
/// <param name="Sample">A hash of its first bytes and of others here and there.</param>
internal readonly partial record struct FileStamp(DateTime Written, long Length, FileIdentity Identity, string Sample)
{
    private const int PieceLength = 4096, Pieces = 64, First = 64 * 1024;
    private const int StatxLength = 256, EmptyPath = 0x1000;
    private const uint BasicFields = 0x7FF;

    /// <summary>The stamp of the file that a path leads to now; null if there is none.</summary>
    /// <exception cref="IOException">It cannot be told now.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileStamp? Read(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(file);
            return new FileStamp(File.GetLastWriteTimeUtc(file), length, IdentityOf(file), SampleOf(file, length));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string SampleOf(SafeFileHandle file, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[First];
        hash.AppendData(piece, 0, RandomAccess.Read(file, piece, fileOffset: 0));
        for (int i = 0; i < Pieces && length > First; i++)
        {
            // The last piece ends with the file.
            long offset = First + (Math.Max(0, length - First - PieceLength) * i / (Pieces - 1));
            hash.AppendData(piece, 0, RandomAccess.Read(file, piece.AsSpan(0, PieceLength), offset));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static FileIdentity IdentityOf(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return default;
        }

        // The layout is the same on every architecture.
        Span<byte> status = stackalloc byte[StatxLength];
        try
        {
            return Statx(file, "", EmptyPath, BasicFields, ref MemoryMarshal.GetReference(status)) != 0 ? default : new FileIdentity(
                MemoryMarshal.Read<ulong>(status[136..]), MemoryMarshal.Read<ulong>(status[32..]),
                MemoryMarshal.Read<long>(status[96..]), MemoryMarshal.Read<uint>(status[104..]));
        }
        catch (EntryPointNotFoundException)
        {
            return default;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(SafeFileHandle directory, string path, int flags, uint mask, ref byte status);
}

/// <summary>Which file it is for the operating system, and when it last changed in any way, which nobody can set.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long Seconds, uint Nanoseconds);
