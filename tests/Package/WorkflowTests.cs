using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>The hosted workflow names actions of others by their commit, which nobody can move, with the version in a comment.</summary>
public sealed partial class WorkflowTests
{
    [Fact]
    public void Actions_are_pinned_by_their_commits()
    {
        string folder = Path.Combine(Repository.Path, ".github", "workflows");
        IEnumerable<string> lines = Directory.GetFiles(folder, "*.yml").SelectMany(File.ReadLines);
        List<string> uses = [.. lines.Where(line => line.Contains("uses:", StringComparison.Ordinal))];
        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(Pinned(), line));

        // Two versions of one action are an update that was forgotten.
        Assert.All(
            uses.Select(line => Pinned().Match(line)).GroupBy(match => match.Groups[1].Value, match => match.Groups[2].Value),
            action => Assert.Single(action.Distinct()));
    }

    [GeneratedRegex(@"^ +(?:- )?uses: ([\w./-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();
}
