using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>The projects of runtime/PROJECTS.md, written as they stand there, build and run with the package.</summary>
public sealed partial class ProjectPageTests(PackageFixture package)
{
    private static readonly string Page =
        File.ReadAllText(Path.Combine(Repository.Path, "runtime", "PROJECTS.md")).ReplaceLineEndings("\n");

    [Fact]
    public async Task An_FSharp_app_trains_a_network_of_a_CSharp_library()
    {
        string folder = package.NewFolder("fsharp");
        MatchCollection files = NamedBlocks().Matches(Page);
        Assert.Equal(
            ["Models/Models.csproj", "Models/Corners.cs", "App/App.fsproj", "App/Program.fs"], files.Select(f => f.Groups[1].Value));
        foreach (Match file in files)
        {
            string path = Path.Combine(folder, file.Groups[1].Value);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, OfThisVersion(file.Groups[2].Value), TestContext.Current.CancellationToken);
        }

        string output = await Cli.DotnetAsync(folder, "run", "--project", "App");
        Assert.Contains("class 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_of_one_file_trains_and_predicts()
    {
        string output = await RunFileAsync("Strata", "corners.cs");
        Assert.Contains("class 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_of_one_file_builds_a_network_at_run_time()
    {
        string output = await RunFileAsync("Strata.Compiler", "builder.cs");
        Assert.Contains("conv1", output, StringComparison.Ordinal);
        Assert.Matches("class [01]", output);
    }

    /// <summary>Runs the page's app of one file that references a package. It has no warnings.</summary>
    private async Task<string> RunFileAsync(string id, string file)
    {
        string folder = package.NewFolder(Path.GetFileNameWithoutExtension(file));
        string text = Regex.Match(Page, $"```csharp\n(#:package {id}@.*?)```", RegexOptions.Singleline).Groups[1].Value;
        await File.WriteAllTextAsync(Path.Combine(folder, file), OfThisVersion(text), TestContext.Current.CancellationToken);
        string output = await Cli.DotnetAsync(folder, "run", file);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        return output;
    }

    private static string OfThisVersion(string text) => text
        .Replace("Version=\"0.1.0\"", $"Version=\"{PackageFixture.Version}\"", StringComparison.Ordinal)
        .Replace("@0.1.0", $"@{PackageFixture.Version}", StringComparison.Ordinal);

    [GeneratedRegex("^`([^`\n]+)`:\n\n```[a-z]+\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex NamedBlocks();
}
