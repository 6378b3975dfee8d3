using System.IO;
using System.Linq;
using System.Reflection;

namespace Strata.Package.Tests;

/// <summary>Where the sources are, and how they were built.</summary>
internal static class Repository
{
    public static string Path => Metadata("Repository");

    public static string Configuration => Metadata("Configuration");

    /// <summary>Copies folders of the repository without what builds left there, and the files that every build of it reads.</summary>
    public static void CopySources(string to, params string[] folders)
    {
        Directory.CreateDirectory(to);
        string[] files = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", ".editorconfig", "LICENSE"];
        foreach (string file in files)
        {
            File.Copy(System.IO.Path.Combine(Path, file), System.IO.Path.Combine(to, file));
        }

        foreach (string folder in folders)
        {
            Copy(System.IO.Path.Combine(Path, folder), System.IO.Path.Combine(to, folder));
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        }

        foreach (string folder in Directory.GetDirectories(from)
            .Where(folder => System.IO.Path.GetFileName(folder) is not ("bin" or "obj")))
        {
            Copy(folder, System.IO.Path.Combine(to, System.IO.Path.GetFileName(folder)));
        }
    }

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
