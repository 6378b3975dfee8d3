using System.IO;

namespace Strata.Imaging;

/// <summary>Writes a text file beside its place and then moves it there, so that it appears complete or not at all.</summary>
internal static class AtomicText
{
    /// <exception cref="IOException">The file cannot be written. An existing one is unchanged.</exception>
    public static void Write(string path, string text)
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
                using var writer = new StreamWriter(stream);
                writer.Write(text);
                writer.Flush();
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
