using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata.Imaging;

/// <summary>Lists the pictures below a folder.</summary>
internal static class PictureFiles
{
    /// <summary>The pictures of a folder and of those below it, in ordinal order of their paths.</summary>
    /// <remarks>Links to folders are followed, except for those to a folder in which they are: that way would have no end.</remarks>
    /// <exception cref="InvalidDataException">There are none. The message says what is there.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        List<string> all = [];
        Add(folder, RealPath(folder), [], all);
        string[] pictures = [.. all.Where(IsListed).Order(StringComparer.Ordinal)];
        return pictures.Length > 0 ? pictures : throw new InvalidDataException(
            $"{folder} has no pictures{Endings(all)}; files that end in {string.Join(", ", ReadEndings())} are read.");
    }

    /// <summary>Whether a folder is a link to one in which it is.</summary>
    public static bool LeadsBack(string folder) => IsLink(folder) && IsWithin(RealPath(Path.GetDirectoryName(folder)!), RealPath(folder));

    private static void Add(string folder, string real, IReadOnlyList<string> above, List<string> files)
    {
        files.AddRange(Directory.EnumerateFiles(folder));
        string[] chain = [.. above, real];
        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            bool isLink = IsLink(child);
            string target = isLink ? RealPath(child) : Path.Combine(real, Path.GetFileName(child));
            if (!isLink || !chain.Any(one => IsWithin(one, target)))
            {
                Add(child, target, chain, files);
            }
        }
    }

    private static bool IsLink(string folder) => File.GetAttributes(folder).HasFlag(FileAttributes.ReparsePoint);

    private static bool IsListed(string file) =>
        ImageFormat.All.SelectMany(format => format.Endings).Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> ReadEndings() =>
        ImageFormat.All.Where(format => format.IsRead).SelectMany(format => format.Endings);

    private static bool IsWithin(string path, string folder)
    {
        string prefix = Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;
        return path == folder || path.StartsWith(prefix, StringComparison.Ordinal);
    }

    /// <summary>The path without links.</summary>
    private static string RealPath(string path)
    {
        string full = Path.GetFullPath(path), real = Path.GetPathRoot(full)!;
        foreach (string part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            // The target of a link may have links in its own path.
            real = Directory.ResolveLinkTarget(next, returnFinalTarget: true) is { } target ? RealPath(target.FullName) : next;
        }

        return real;
    }

    private static string Endings(List<string> files)
    {
        string[] endings = [.. files.Select(file => Path.GetExtension(file)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase).Take(5)];
        return files.Count == 0 ? "" : $", but {files.Count} other file{(files.Count == 1 ? "" : "s")} "
            + $"({string.Join(", ", endings.Select(ending => ending.Length > 0 ? ending : "without an ending"))})";
    }
}
