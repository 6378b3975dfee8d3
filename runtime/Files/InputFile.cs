using System;
using System.IO;

namespace Strata;

/// <summary>Opens files that are read once from beginning to end. Every failure to open one is an IOException.</summary>
internal static class InputFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bufferSize">Bytes of the buffer; 0 for no buffer.</param>
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
            // .NET throws this for a directory, too.
            throw new IOException(
                $"{path}: the file cannot be read: {(Directory.Exists(path) ? "it is a directory" : "there is no permission")}.", e);
        }
    }

    /// <summary>
    /// Bytes from a stream's position to its end. Null if the stream does not know: devices report lengths that are too small.
    /// </summary>
    /// <param name="stream">The stream, from which something has been read already.</param>
    public static long? Rest(Stream stream) => stream.CanSeek && stream.Length - stream.Position is >= 0 and var rest ? rest : null;
}
