using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using Strata.Package.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(PackageFixture))]

namespace Strata.Package.Tests;

/// <summary>The packages, made once by the documented command, in a feed of their own.</summary>
public sealed class PackageFixture : IAsyncLifetime
{
    /// <summary>Not a published version, so that no other feed can answer.</summary>
    public const string Version = "0.1.0-local";

    private readonly string _folder = Directory.CreateTempSubdirectory("strata-package-").FullName;

    private readonly Lazy<string> _clone;

    public PackageFixture() => _clone = new(CopySources);

    /// <summary>
    /// A folder with the sources in <c>strata</c>, for projects beside them. The first one builds them. The test run has looked at these
    /// sources with all analyzers.
    /// </summary>
    public string Clone => _clone.Value;

    public string File => FileOf("Strata");

    public async ValueTask InitializeAsync()
    {
        // The test run has built everything.
        await Cli.DotnetAsync(
            Repository.Path, "pack", "Compiler.sln", "-c", Repository.Configuration, "-o", Path.Combine(_folder, "feed"), "--no-build", $"-p:PackageVersion={Version}");

        // Packages go into a folder that goes away with the tests; what the user has already is found where it is.
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(cache);
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><add key="strata" value="feed" /></packageSources>
              <fallbackPackageFolders><add key="user" value="{cache}" /></fallbackPackageFolders>
            </configuration>
            """);
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "Directory.Build.props"), "<Project />");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The file of a package.</summary>
    public string FileOf(string id) => Path.Combine(_folder, "feed", $"{id}.{Version}.nupkg");

    /// <summary>The file of a package's symbols.</summary>
    public string SymbolsOf(string id) => Path.ChangeExtension(FileOf(id), "snupkg");

    /// <summary>Everything that is in the package, apart from what the format itself adds.</summary>
    public string[] Entries(string id = "Strata")
    {
        using ZipArchive archive = ZipFile.OpenRead(FileOf(id));
        return [.. archive.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>A file in the package.</summary>
    public byte[] Bytes(string name, string id = "Strata") => BytesOf(FileOf(id), name);

    /// <summary>A file in the archive of a package.</summary>
    public static byte[] BytesOf(string package, string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using Stream stream = archive.GetEntry(name)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The text of a file in the package.</summary>
    public string Read(string name, string id = "Strata")
    {
        using var reader = new StreamReader(new MemoryStream(Bytes(name, id)));
        return reader.ReadToEnd();
    }

    private string CopySources()
    {
        string folder = NewFolder("clone"), sources = Path.Combine(folder, "strata");
        Repository.CopySources(sources, "runtime", "generator", "samples/Zoo/Networks");
        string properties = Path.Combine(sources, "Directory.Build.props");
        System.IO.File.WriteAllText(properties, System.IO.File.ReadAllText(properties).Replace(
            "</Project>", "<PropertyGroup><RunAnalyzers>false</RunAnalyzers></PropertyGroup></Project>", StringComparison.Ordinal));
        return folder;
    }

    /// <summary>A folder for a project, beside the feed.</summary>
    internal string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
}
