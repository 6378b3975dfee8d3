using System;
using System.IO;

namespace Strata.Onnx.Saving;

/// <summary>Writes a file beside its place and then moves it there, so that it appears complete or not at all.</summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">The file cannot be written. An existing one is unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new IOException($"'{path}' is a folder.");
        }

        // The name's end is random, so that two processes that write the file do not meet.
        string temporary = $"{full}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
