using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Each row of LIMITS.md has a test that shows the limit, and each such test has its row.</summary>
public sealed partial class LimitsPageTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(SourceFolder.Path, "..", ".."));

    [Fact]
    public void Rows_and_tests_are_the_same()
    {
        (string Limit, string File)[] rows = [.. Rows()], tests = [.. Tests()];
        Assert.NotEmpty(rows);
        Assert.Equal(rows.Select(row => row.Limit).Distinct(), rows.Select(row => row.Limit));
        string[] differences =
        [
            .. from row in rows.Except(tests)
               select $"LIMITS.md: '{row.Limit}' links to {row.File}, where no test calls Limit.Holds or Limit.Throws with these words",
            .. from test in tests.Except(rows)
               select $"{test.File}: '{test.Limit}' is no row of LIMITS.md that links to this file",
        ];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    [Fact]
    public void Each_row_has_a_test() => Assert.All(
        File.ReadLines(Path.Combine(Root, "runtime", "LIMITS.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line != "| limit | when | what it costs | test |"),
        line => Assert.Matches(Row(), line));

    private static IEnumerable<(string Limit, string File)> Rows() =>
        from line in File.ReadLines(Path.Combine(Root, "runtime", "LIMITS.md"))
        let row = Row().Match(line)
        where row.Success
        select (row.Groups["limit"].Value, row.Groups["file"].Value);

    private static IEnumerable<(string Limit, string File)> Tests() =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !name.Split('/').Any(part => part is "bin" or "obj")
        from test in Test().Matches(File.ReadAllText(file))
        select (test.Groups["limit"].Value, name);

    [GeneratedRegex(@"^\| (?<limit>.+?) \| .+ \| .+ \| \[\w+\]\(\.\./(?<file>tests/[\w/]+\.cs)\) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"\bLimit\.(Holds|Throws<\w+>)\(\s*""(?<limit>[^""]+)""")]
    private static partial Regex Test();
}
