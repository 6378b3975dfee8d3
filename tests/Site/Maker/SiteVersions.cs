using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Strata.Site;

/// <summary>
/// The versions of the site: the main branch at its root, and each release, which is a tag such as <c>v1.2.0</c>, in a folder of that name.
/// </summary>
internal static class SiteVersions
{
    /// <summary>What the main branch is called.</summary>
    public const string Main = "main";

    /// <summary>The file that tells each version's pages which others there are.</summary>
    public const string Index = "versions.json";

    /// <summary>Each takes the time of a build.</summary>
    private const int MostReleases = 6;

    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Makes the site of each release, and puts it beside that of the main branch.</summary>
    /// <param name="repository">The repository's folder.</param>
    /// <param name="site">The main branch's site.</param>
    /// <param name="make">Makes the site of a folder with a release, and returns where it is; null if it fails.</param>
    /// <returns>The releases that have no site, because theirs could not be made.</returns>
    public static IReadOnlyList<string> Add(string repository, string site, Func<string, string?> make)
    {
        var made = new List<string>();
        var failed = new List<string>();
        foreach (string release in Releases(repository))
        {
            string source = Path.Combine(site, "..", release);
            Remove(repository, source);
            try
            {
                Git(repository, "worktree", "add", "--detach", source, release);
                if (make(source) is { } result)
                {
                    Directory.Move(result, Path.Combine(site, release));
                    made.Add(release);
                }
                else
                {
                    failed.Add(release);
                }
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException)
            {
                Console.Error.WriteLine($"site: {release}: {exception.Message}");
                failed.Add(release);
            }
            finally
            {
                Remove(repository, source);
            }
        }

        List(site, made);
        return failed;
    }

    /// <summary>Writes for each version which others there are.</summary>
    /// <param name="site">The main branch's site.</param>
    /// <param name="releases">The releases in folders of it, newest first.</param>
    public static void List(string site, IReadOnlyList<string> releases)
    {
        Write(site, Main, "");
        foreach (string release in releases)
        {
            Write(Path.Combine(site, release), release, "../");
        }

        void Write(string folder, string version, string root) => File.WriteAllText(
            Path.Combine(folder, Index), JsonSerializer.Serialize(new { version, root, releases }, Names));
    }

    /// <summary>The tags of the newest releases, newest first.</summary>
    private static string[] Releases(string repository) =>
    [
        .. Git(repository, "tag", "--list", "v[0-9]*", "--sort=-version:refname")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MostReleases),
    ];

    private static void Remove(string repository, string source)
    {
        if (Directory.Exists(source))
        {
            Directory.Delete(source, recursive: true);
        }

        Git(repository, "worktree", "prune");
    }

    private static string Git(string repository, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("git", ["-C", repository, .. arguments]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output
            : throw new InvalidOperationException($"'git {string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }
}
