using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;

namespace Strata.Serving.Models;

/// <summary>
/// Reads a file of weights that another process may be writing: what is read is the file as it was at one time, or nothing. Half of the old
/// weights and half of the new ones would have the right names and shapes.
/// </summary>
internal static class WeightsFile
{
    /// <summary>
    /// A file that has not changed for this long is read. File systems note the time of a change with a resolution of some milliseconds, so
    /// a change that follows gets another time.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(25);

    /// <summary>The same for a file that was written just now: its writer may pause.</summary>
    private static readonly TimeSpan LongRest = TimeSpan.FromMilliseconds(200), JustNow = TimeSpan.FromSeconds(2);

    /// <summary>How often it is tried.</summary>
    private const int Attempts = 10;

    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">What it becomes.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="cancellation">Gives up between two attempts.</param>
    /// <returns>What was read, and the file's stamp.</returns>
    /// <exception cref="IOException">The file changed at each attempt, or cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (T Value, FileStamp? Stamp) Read<T>(string path, Func<T> read, CancellationToken cancellation) where T : IDisposable
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            FileStamp? before = FileStamp.Read(path);
            bool isNew = before is { } file && (DateTime.UtcNow - file.Written).Duration() < JustNow;
            if (cancellation.WaitHandle.WaitOne(isNew ? LongRest : Rest))
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (FileStamp.Read(path) != before)
            {
                continue;
            }

            byte[]? hash = HashOf(path);
            T value;
            try
            {
                value = read();
            }
            catch (Exception e) when (e is IOException or InvalidDataException or FormatException && HasChanged(path, before, hash))
            {
                continue;
            }

            if (!HasChanged(path, before, hash))
            {
                return (value, before);
            }

            value.Dispose();
        }

        throw new IOException($"{path}: the file changed each time while it was read. Write new weights beside it, and rename that file.");
    }

    private static bool HasChanged(string path, FileStamp? before, byte[]? hash) =>
        !(HashOf(path) ?? []).SequenceEqual(hash ?? []) || FileStamp.Read(path) != before;

    /// <summary>The hash of the whole file, for file systems that note times in seconds; null if there is no file.</summary>
    private static byte[]? HashOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
            return SHA256.HashData(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
