using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Strata.Site;

/// <summary>
/// Makes the site of the repository's pages and of the reference of its packages, by docfx. The projects must have been built (Release).
/// </summary>
internal static class Program
{
    /// <summary>What docfx reads.</summary>
    private static readonly string[] Sources = ["docfx.json", "filter.yml", "toc.yml", "guide", "template"];

    /// <summary>
    /// Where docfx works: it finds pages only in folders beside that of its configuration, so what it reads is copied to a folder that
    /// stands beside those of the repository.
    /// </summary>
    private static readonly string Root = MetadataOf("Repository"), Folder = Path.Combine(Root, "artifacts");

    /// <summary>Where the site is written.</summary>
    private static readonly string Output = Path.Combine(Folder, "bin", "site");

    /// <summary>What names the pages beside the pages themselves.</summary>
    private static readonly string[] Indexes = ["index.json", "toc.json", "guide/toc.json"];

    private static int Main(string[] arguments)
    {
        if (arguments is not ([] or ["versions"]))
        {
            Console.Error.WriteLine("site: without arguments, the site is made of these files; with 'versions', of each release too.");
            return 2;
        }

        var watch = Stopwatch.StartNew();
        Clear(Output);
        Clear(Path.Combine(Folder, "obj"));
        foreach (string source in Sources)
        {
            Copy(Path.Combine(Root, "tests", "Site", "Maker", source), Path.Combine(Folder, source));
        }

        RulesToc.Write(Path.Combine(Root, "generator", "Diagnostics", "rules"), Path.Combine(Folder, "obj", "rules"));
        if (!Run("tool", "restore") || !Docfx())
        {
            return 1;
        }

        MakeHome();
        SearchIndex.Complete(Path.Combine(Output, "index.json"));
        IReadOnlyList<string> broken = new PageLinks(Root, MetadataOf("RepositoryUrl"), Output).Complete();
        foreach (string link in broken)
        {
            Console.Error.WriteLine($"site: {link}");
        }

        SiteVersions.List(Output, []);
        IReadOnlyList<string> failed = arguments.Length > 0 ? SiteVersions.Add(Root, Output, MakeRelease) : [];
        foreach (string release in failed)
        {
            // GitHub shows it. The other versions are published all the same.
            Console.WriteLine($"::warning::The site of {release} could not be made.");
        }

        int pages = Directory.EnumerateFiles(Output, "*.html", SearchOption.AllDirectories).Count();
        Console.WriteLine($"{pages} pages in {watch.Elapsed.TotalSeconds:F0} s: {Path.Combine(Output, "index.html")}");
        return broken.Count == 0 ? 0 : 1;
    }

    /// <summary>Makes the site of a release with the tools of that release.</summary>
    private static string? MakeRelease(string folder) =>
        RunIn(folder, "build", "Compiler.sln", "-c", "Release")
            && RunIn(folder, "run", "-c", "Release", "--no-build", "--project", Path.Combine("tests", "Site", "Maker"))
            ? Path.Combine(folder, "artifacts", "bin", "site") : null;

    /// <summary>The README is the home, also in the table of contents and for the search.</summary>
    private static void MakeHome()
    {
        File.Move(Path.Combine(Output, PageLinks.Readme), Path.Combine(Output, PageLinks.Home));
        foreach (string file in Indexes.Select(name => Path.Combine(Output, name)))
        {
            File.WriteAllText(file, File.ReadAllText(file)
                .Replace($"\"{PageLinks.Readme}\"", $"\"{PageLinks.Home}\"", StringComparison.Ordinal)
                .Replace($"\"../{PageLinks.Readme}\"", $"\"../{PageLinks.Home}\"", StringComparison.Ordinal));
        }
    }

    /// <summary>Runs docfx: the reference from the libraries, then the pages.</summary>
    /// <returns>Whether it ended without an error or a warning.</returns>
    private static bool Docfx()
    {
        string log = Path.Combine(Folder, "obj", "docfx.log");
        File.Delete(log);
        bool ends = Run("tool", "run", "docfx", "docfx.json", "--log", log, "--logLevel", "warning");
        string[] problems = [.. DocfxLog.Problems(File.Exists(log) ? File.ReadAllLines(log) : [])];
        foreach (string problem in problems)
        {
            Console.Error.WriteLine($"site: docfx: {problem}");
        }

        return ends && problems.Length == 0;
    }

    /// <summary>Runs dotnet in the site's folder, or another one, and shows what it prints if it fails.</summary>
    private static bool Run(params string[] arguments) => RunIn(Folder, arguments);

    private static bool RunIn(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine($"site: 'dotnet {string.Join(' ', arguments)}' ended with {process.ExitCode}:\n{output}");
        }

        return process.ExitCode == 0;
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
            return;
        }

        Clear(to);
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string MetadataOf(string key) => typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
