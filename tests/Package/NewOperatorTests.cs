using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>
/// The page that adds an operator (generator/Compiler/Operators/NEW-OPERATOR.md), step by step in a copy of the sources.
/// Nothing of the operator is here, apart from what PyTorch computes: the page's script wrote NewOperator/activations.json.
/// </summary>
public sealed partial class NewOperatorTests(PackageFixture package)
{
    private const string Goldens = "tests/Numerics/Goldens/activations.json", Whole = "STRATA_WHOLE_PAGE";

    private static readonly string Page =
        File.ReadAllText(Path.Combine(Repository.Path, "generator/Compiler/Operators/NEW-OPERATOR.md")).ReplaceLineEndings("\n");

    /// <summary>Each step finds its place in the sources as they are, and each test of the table exists.</summary>
    [Fact]
    public void The_page_of_a_new_operator_fits_the_sources()
    {
        string folder = CopySources("new-operator-fits");
        Apply(folder, Page);
        AddGoldens(Path.Combine(folder, Goldens));
        Assert.All(NeededTests(), one => Assert.Contains(
            Directory.EnumerateFiles(Path.Combine(folder, one.Project), "*.cs", SearchOption.AllDirectories),
            file => File.ReadAllText(file).Contains($" {one.Test}(", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_page_of_a_new_operator_leaves_nothing_out()
    {
        Assert.SkipUnless(
            System.Environment.GetEnvironmentVariable(Whole) == "1", $"It builds the copy twice, which takes minutes. {Whole}=1 runs it.");
        string folder = CopySources("new-operator");
        int rows = Page.IndexOf("\n## The rest\n", StringComparison.Ordinal);
        (string Project, string Test)[] needed = NeededTests();

        // The operator and its oracle alone: every test of the table finds that something is missing.
        Apply(folder, Page[..rows]);
        await BuildAsync(folder, needed);
        foreach (IGrouping<string, string> tests in needed.GroupBy(one => one.Project, one => one.Test))
        {
            string output = await RunAsync(folder, tests.Key, tests);
            Assert.All(tests, test => Assert.Contains($".{test} [FAIL]", output, StringComparison.Ordinal));
        }

        Apply(folder, Page[rows..]);
        AddGoldens(Path.Combine(folder, Goldens));
        await BuildAsync(folder, needed);
        foreach (Match command in Commands().Matches(Page))
        {
            (int code, string output) = await Cli.RunAsync(
                folder, Environment(accept: command.Groups["accept"].Success), "dotnet",
                ["test", .. command.Groups["arguments"].Value.Split(' '), "--no-build"]);
            Assert.True(code == 0 && Passed().IsMatch(output), $"{command.Value}\n{output}");
        }

        foreach (IGrouping<string, string> tests in needed.GroupBy(one => one.Project, one => one.Test))
        {
            string output = await RunAsync(folder, tests.Key, tests);
            Assert.Contains($"Total: {tests.Count()}, Errors: 0, Failed: 0,", output, StringComparison.Ordinal);
        }
    }

    private string CopySources(string name)
    {
        string folder = package.NewFolder(name);
        Repository.CopySources(
            folder,
            "generator", "runtime", "tests/Generator", "tests/Numerics", "tests/Runtime", "tests/Soak", "tests/Onnx",
            "tests/Imaging", "tests/Serving", "tests/Distributed", "tests/Benchmarks", "tests/Samples",
            "samples/Zoo/Networks", "samples/Digits");

        // What several test projects share.
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Path, "tests"), "*.cs"))
        {
            File.Copy(file, Path.Combine(folder, "tests", Path.GetFileName(file)));
        }

        return folder;
    }

    private static (string Project, string Test)[] NeededTests()
    {
        (string Project, string Test)[] needed =
            [.. Needed().Matches(Page).Select(match => (match.Groups["project"].Value, match.Groups["test"].Value))];
        Assert.InRange(needed.Length, 3, 20);
        return needed;
    }

    /// <summary>
    /// Does what the page shows: a path, alone on its line, says where the blocks below it belong. C# is a new file. A block of differences
    /// stands for one place of a file, which its lines without + are found by.
    /// </summary>
    private static void Apply(string folder, string page)
    {
        string path = "";
        foreach (Match step in Steps().Matches(page))
        {
            if (step.Groups["path"] is { Success: true } named)
            {
                path = Path.Combine(folder, named.Value);
                continue;
            }

            string[] lines = step.Groups["text"].Value.TrimEnd('\n').Split('\n');
            if (step.Groups["kind"].Value == "csharp")
            {
                Assert.False(File.Exists(path), $"{path} is there already");
                File.WriteAllText(path, step.Groups["text"].Value);
                continue;
            }

            string text = "\n" + File.ReadAllText(path).ReplaceLineEndings("\n"), old = Block('-'), edited = Block('+');
            Assert.True(text.Split(old).Length == 2, $"{path} has these lines {text.Split(old).Length - 1} times, not once:{old}");
            File.WriteAllText(path, text.Replace(old, edited, StringComparison.Ordinal)[1..]);

            string Block(char mark) =>
                "\n" + string.Concat(lines.Where(line => line[0] == ' ' || line[0] == mark).Select(line => line[1..] + "\n"));
        }
    }

    /// <summary>What make_goldens.py adds to the file.</summary>
    private static void AddGoldens(string file)
    {
        JsonNode goldens = JsonNode.Parse(File.ReadAllText(file))!;
        JsonNode own = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Path, "tests/Package/NewOperator/activations.json")))!;
        foreach ((string name, JsonNode? row) in own.AsObject())
        {
            goldens["activations"]!.AsObject().Add(name, row!.DeepClone());
        }

        File.WriteAllText(file, goldens.ToJsonString());
    }

    /// <summary>Builds the projects together. Analyzers look at the sources in the ordinary build; here they would double the time.</summary>
    private static async Task BuildAsync(string folder, (string Project, string Test)[] tests)
    {
        string projects = string.Concat(
            tests.Select(test => test.Project).Concat(Commands().Matches(Page).Select(c => c.Groups["arguments"].Value.Split(' ')[0]))
                .Distinct().Select(project => $"<Tests Include=\"{project}/*.csproj\" />"));
        await File.WriteAllTextAsync(Path.Combine(folder, "All.proj"), $"""
            <Project>
              <ItemGroup>
                {projects}
              </ItemGroup>
              <Target Name="Build">
                <MSBuild Projects="@(Tests)" Targets="Restore" Properties="Configuration=Release;IsRestoring=true" />
                <MSBuild Projects="@(Tests)" Targets="Build" Properties="Configuration=Release;RunAnalyzers=false" BuildInParallel="true" />
              </Target>
            </Project>

            """, TestContext.Current.CancellationToken);
        await Cli.DotnetAsync(folder, "msbuild", "All.proj", "-m", "-v:quiet");
    }

    /// <summary>Runs some tests of a project.</summary>
    private static async Task<string> RunAsync(string folder, string project, IEnumerable<string> tests) => (await Cli.RunAsync(
        folder, Environment(accept: false), "dotnet",
        [
            $"{project}/bin/Release/net10.0/Strata.{Path.GetFileName(project)}.Tests.dll", "-noColor",
            .. tests.SelectMany(test => new[] { "-method", $"*.{test}" }),
        ])).Output;

    private static Dictionary<string, string> Environment(bool accept) => new() { ["STRATA_ACCEPT"] = accept ? "1" : "0" };

    [GeneratedRegex(@"^`(?<path>[\w./-]+)`$|^```(?<kind>csharp|diff)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Steps();

    [GeneratedRegex(@"^\| `[\w./-]+` \| `(?<test>\w+)` in `(?<project>[\w/]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Needed();

    [GeneratedRegex("^(?<accept>STRATA_ACCEPT=1 )?dotnet test (?<arguments>.+)$", RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex(@"Passed! +- Failed: +0, Passed: +[1-9]")]
    private static partial Regex Passed();
}
