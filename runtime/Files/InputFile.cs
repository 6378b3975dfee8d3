using System;
using System.IO;

namespace Strata;

/// <summary>Files that are read once from their beginning to their end. Whatever keeps one from being opened is an IOException.</summary>
internal static class InputFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bufferSize">Bytes that are read at once where fewer are asked for; 0 for none.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static FileStream Open(string path, int bufferSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize, FileOptions.SequentialScan);
        }
        catch (UnauthorizedAccessException e)
        {
            // What .NET throws for a directory, too.
            throw new IOException(
                $"{path}: the file cannot be read: {(Directory.Exists(path) ? "it is a directory" : "there is no permission")}.", e);
        }
    }

    /// <summary>Bytes from a stream's position to its end; null where it does not know: devices say that they end before they do.</summary>
    /// <param name="stream">The stream, of which something has been read.</param>
    public static long? Rest(Stream stream) => stream.CanSeek && stream.Length - stream.Position is >= 0 and var rest ? rest : null;
}
