using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Links between the repository's pages lead to existing files, and to existing headings in them.</summary>
public sealed partial class LinkTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(SourceFolder.Path, "..", ".."));

    [Fact]
    public void Every_link_leads_somewhere()
    {
        List<string> pages = [.. Folders().SelectMany(folder => Directory.GetFiles(folder, "*.md"))];
        Assert.NotEmpty(pages);
        Assert.Empty(
            from page in pages
            from link in Links(page)
            where !Leads(page, link)
            select $"{Path.GetRelativePath(Root, page)}: {link}");
    }

    [Theory]
    [InlineData("## Weights in half the memory", "weights-in-half-the-memory")]
    [InlineData("### Zen 5 (family 26)", "zen-5-family-26")]
    [InlineData("# `Recompute`, and what it costs", "recompute-and-what-it-costs")]
    public void A_heading_has_the_anchor_that_GitHub_gives_it(string heading, string anchor) => Assert.Contains(anchor, Anchors(heading));

    /// <summary>The repository's own folders: no build outputs, no caches.</summary>
    private static IEnumerable<string> Folders()
    {
        var waiting = new Stack<string>([Root]);
        while (waiting.TryPop(out string? folder))
        {
            yield return folder;
            foreach (string inner in Directory.GetDirectories(folder))
            {
                if (Path.GetFileName(inner) is not ("bin" or "obj" or ".git"))
                {
                    waiting.Push(inner);
                }
            }
        }
    }

    private static IEnumerable<string> Links(string page) => Link()
        .Matches(Code().Replace(File.ReadAllText(page).ReplaceLineEndings("\n"), ""))
        .Select(match => match.Groups.Cast<Group>().Skip(1).First(group => group.Success).Value)
        .Where(link => !link.Contains("://", StringComparison.Ordinal));

    private static bool Leads(string page, string link)
    {
        string[] parts = link.Split('#');
        string file = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        return parts.Length == 1
            ? File.Exists(file) || Directory.Exists(file)
            : File.Exists(file) && Anchors(File.ReadAllText(file)).Contains(parts[1]);
    }

    private static HashSet<string> Anchors(string text) =>
    [
        .. Heading().Matches(text.ReplaceLineEndings("\n"))
            .Select(match => NoAnchor().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-')),
        .. Anchor().Matches(text).Select(match => match.Groups[1].Value),
    ];

    [GeneratedRegex(@"\]\(([^)\s]+)\)|(?:src|srcset|href)=""([^""]+)""")]
    private static partial Regex Link();

    /// <summary>Code has brackets of its own.</summary>
    [GeneratedRegex(@"^ *```.*?^ *```$|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();

    [GeneratedRegex("<a id=\"([^\"]+)\"")]
    private static partial Regex Anchor();
}
