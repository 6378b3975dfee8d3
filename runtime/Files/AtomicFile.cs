using System;
using System.Collections.Generic;
using System.IO;

namespace Strata;

/// <summary>
/// Writes files that appear complete or not at all: a temporary file is written beside the target, flushed to the disk, and renamed. Links
/// are followed, permissions are kept, and temporary files of killed processes are removed.
/// </summary>
internal static class AtomicFile
{
    private const int MostLinks = 40;
    private const int Attempts = 5;
    private const UnixFileMode RunAsOwner = UnixFileMode.SetUser | UnixFileMode.SetGroup;

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <param name="write">Writes the content. May be called again. If it throws, the file is unchanged.</param>
    /// <exception cref="IOException">The file cannot be written. Other exceptions of the file system are converted to this type. An
    /// existing file is unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path), temporary = full;
        bool created = false;
        try
        {
            string target = FollowLinks(full);
            UnixFileMode? mode = CheckTarget(target);
            RemoveRemains(target);
            do
            {
                using FileStream stream = Create(target, mode, ref temporary);
                created = true;
                write(stream);
                if (mode is { } kept && !OperatingSystem.IsWindows())
                {
                    // Restore the permissions that the process's umask has removed.
                    File.SetUnixFileMode(stream.SafeFileHandle, kept);
                }

                stream.Flush(flushToDisk: true);
            }
            while (!TryReplace(temporary, target));
        }
        catch (Exception e)
        {
            if (created)
            {
                Delete(temporary);
            }

            if (e is not (IOException or UnauthorizedAccessException))
            {
                throw;
            }

            throw Failure(path, full, temporary, e);
        }
    }

    /// <summary>Checks whether a file can be written, before there is anything to write. An existing file is unchanged.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void CheckWritable(string path)
    {
        string full = Path.GetFullPath(path), temporary = full;
        try
        {
            string target = FollowLinks(full);
            using (Create(target, CheckTarget(target), ref temporary))
            {
            }

            Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, full, temporary, e);
        }
    }

    /// <summary>The file to which a path leads through links, even if it does not exist yet.</summary>
    private static string FollowLinks(string path)
    {
        if (new FileInfo(path).LinkTarget is null)
        {
            return path;
        }

        if (OperatingSystem.IsWindows())
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        }

        // Part by part, since ".." in a link's text means the parent of the link's real directory.
        var rest = new Stack<string>();
        Push(path);
        string real = Path.GetPathRoot(path)!;
        int links = 0;
        while (rest.TryPop(out string? name))
        {
            string next = name == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, name);
            if (new FileInfo(next).LinkTarget is not { } link)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException("its symbolic links lead in a circle.");
            }

            Push(link);
            real = Path.IsPathRooted(link) ? Path.GetPathRoot(link)! : real;
        }

        return real;

        void Push(string names)
        {
            string[] parts = names.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
            for (int i = parts.Length - 1; i >= 0; i--)
            {
                if (parts[i] != ".")
                {
                    rest.Push(parts[i]);
                }
            }
        }
    }

    // Name the file that the user knows, not the temporary one.
    private static IOException Failure(string path, string full, string temporary, Exception e) =>
        new($"{path}: the file cannot be written: {e.Message.Replace(temporary, full, StringComparison.Ordinal)}", e);

    /// <summary>Refuses to replace what is not a regular file.</summary>
    /// <returns>The permissions of the existing file; null if there is none.</returns>
    private static UnixFileMode? CheckTarget(string target)
    {
        switch (FileStatus.KindOf(target))
        {
            case FileKind.None:
                string directory = Path.GetDirectoryName(target) ?? target;
                return Directory.Exists(directory) ? null : throw new DirectoryNotFoundException($"there is no directory {directory}.");
            case FileKind.Directory:
                throw new IOException("it is a directory.");
            case FileKind.Special:
                throw new IOException("it is no regular file but a pipe, a socket or a device, which a file does not replace.");
            default:
                // A rename does not need the permission to write the file that it replaces, so check that permission here.
                using (new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
                {
                    return OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(target) & ~RunAsOwner;
                }
        }
    }

    /// <summary>
    /// Creates the temporary file beside the target, since a rename is atomic only within a file system. It is locked while it is open.
    /// </summary>
    private static FileStream Create(string target, UnixFileMode? mode, ref string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        for (int attempt = 1; ; attempt++)
        {
            path = Beside(target, Guid.NewGuid().ToString("N"));
            try
            {
                var stream = new FileStream(path, options);
                if (File.Exists(path))
                {
                    return stream;
                }

                stream.Dispose();
            }
            catch (IOException) when (attempt < Attempts)
            {
            }

            // Another writer mistook the file for one of a killed process, and removed it before it was locked. Try again.
        }
    }

    /// <summary>Removes temporary files of killed processes. Living processes hold theirs locked.</summary>
    private static void RemoveRemains(string target)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, Path.GetFileName(Beside(target, "*"))))
            {
                if (FileStatus.KindOf(path) == FileKind.Regular)
                {
                    Delete(path);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory may be written, but not listed.
        }
    }

    private static void Delete(string path)
    {
        try
        {
            // Opening fails if a writer holds the lock. If the file is renamed at this moment, others can still read it.
            const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, Shared, bufferSize: 0, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process is writing the file, or has removed it.
        }
    }

    /// <summary>Renames the temporary file to the target. False if another writer has removed it after it was closed.</summary>
    private static bool TryReplace(string temporary, string target)
    {
        try
        {
            if (OperatingSystem.IsWindows() && File.Exists(target))
            {
                // Keeps the permissions and attributes of the replaced file.
                File.Replace(temporary, target, destinationBackupFileName: null, ignoreMetadataErrors: true);
            }
            else
            {
                File.Move(temporary, target, overwrite: true);
            }

            return true;
        }
        catch (FileNotFoundException) when (!File.Exists(temporary) && Directory.Exists(Path.GetDirectoryName(target)))
        {
            return false;
        }
    }

    /// <summary>
    /// The temporary file's path. It has a hash of the target's name instead of the name, so it is short even for a long name.
    /// </summary>
    private static string Beside(string target, string part) => Path.Combine(
        Path.GetDirectoryName(target) ?? target, $".strata-{Hash(Path.GetFileName(target)):x16}-{part}.tmp");

    // FNV-1a. If two targets have the same hash, each removes the other's old temporary files too, which does no harm.
    private static ulong Hash(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in name)
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }

        return hash;
    }
}
