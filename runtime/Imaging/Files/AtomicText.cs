using System;
using System.IO;

namespace Strata.Imaging;

/// <summary>Writes text files that appear complete or not at all.</summary>
internal static class AtomicText
{
    public static void Write(string path, string text)
    {
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(beside, text);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
