using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;

namespace Strata.Site;

/// <summary>
/// The links of the site's pages. Pages lie as their sources do in the repository, so that a link to a source file has its path there: it
/// becomes a link to the hosted repository. A link to a page in the hosted repository becomes one within the site.
/// </summary>
/// <param name="repository">The repository's folder.</param>
/// <param name="address">The address of the hosted repository.</param>
/// <param name="site">The site's folder.</param>
internal sealed partial class PageLinks(string repository, string address, string site)
{
    /// <summary>The page of the README as docfx names it, and as the site does.</summary>
    public const string Readme = "README.html", Home = "index.html";

    private readonly Dictionary<string, HashSet<string>> _anchors = [];

    /// <summary>Completes the links of all pages.</summary>
    /// <returns>Links that lead nowhere.</returns>
    public IReadOnlyList<string> Complete()
    {
        string[] pages = Directory.GetFiles(site, "*.html", SearchOption.AllDirectories);
        foreach (string page in pages)
        {
            string text = File.ReadAllText(page);
            string completed = Link().Replace(text, match => match.Groups[1].Value + Complete(page, match.Groups[2].Value) + "\"");
            if (completed != text)
            {
                File.WriteAllText(page, completed);
            }
        }

        return [.. pages.SelectMany(page => Broken(page))];
    }

    /// <summary>The links of a page that lead nowhere within the site.</summary>
    /// <param name="page">The page's file.</param>
    public IEnumerable<string> Broken(string page) => Link().Matches(File.ReadAllText(page))
        .Select(match => WebUtility.HtmlDecode(match.Groups[2].Value))
        .Where(link => IsInternal(link) && !Leads(page, link))
        .Select(link => $"{Path.GetRelativePath(site, page)}: '{link}' leads nowhere.");

    /// <summary>Whether a link leads to a page or another file of the site, and to an anchor that it has.</summary>
    /// <param name="page">The file of the page with the link.</param>
    /// <param name="link">The link.</param>
    public bool Leads(string page, string link)
    {
        (string path, string anchor) = Split(link);
        string file = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
        file = Directory.Exists(file) ? Path.Combine(file, "index.html") : file;
        return File.Exists(file) && (anchor.Length == 0 || Path.GetExtension(file) != ".html" || AnchorsOf(file).Contains(anchor));
    }

    private static bool IsInternal(string link) => !Scheme().IsMatch(link) && !link.StartsWith("//", StringComparison.Ordinal);

    private string Complete(string page, string link)
    {
        string pages = $"{address}/blob/main/";
        if (link.StartsWith(pages, StringComparison.Ordinal))
        {
            (string source, string anchor) = Split(link[pages.Length..]);
            string html = Path.Combine(site, source == "README.md" ? Home : Path.ChangeExtension(source, ".html"));
            return Path.GetExtension(source) == ".md" && File.Exists(html)
                ? Relative(page, html) + (anchor.Length > 0 ? "#" + anchor : "")
                : link;
        }

        if (!IsInternal(link) || link.StartsWith('#'))
        {
            return link;
        }

        (string path, string part) = Split(WebUtility.HtmlDecode(link));
        part = part.Length > 0 ? "#" + part : "";
        string file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
        if (file == Path.Combine(site, Readme))
        {
            return link.Replace(Readme, Home, StringComparison.Ordinal);
        }

        string inRepository = Path.GetRelativePath(site, file).Replace('\\', '/');
        return File.Exists(file) || inRepository.StartsWith("..", StringComparison.Ordinal) ? link
            : File.Exists(Path.Combine(repository, inRepository)) ? $"{address}/blob/main/{inRepository}{part}"
            : Directory.Exists(Path.Combine(repository, inRepository)) ? $"{address}/tree/main/{inRepository.TrimEnd('/')}"
            : link;
    }

    private static string Relative(string page, string file) =>
        Path.GetRelativePath(Path.GetDirectoryName(page)!, file).Replace('\\', '/');

    private static (string Path, string Anchor) Split(string link)
    {
        string[] parts = link.Split('#', 2);
        return (Uri.UnescapeDataString(parts[0].Split('?')[0]), parts.Length == 1 ? "" : Uri.UnescapeDataString(parts[1]));
    }

    private HashSet<string> AnchorsOf(string file)
    {
        if (!_anchors.TryGetValue(file, out HashSet<string>? anchors))
        {
            anchors = [.. Anchor().Matches(File.ReadAllText(file)).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];
            _anchors.Add(file, anchors);
        }

        return anchors;
    }

    [GeneratedRegex("(<(?:a|img|link|script|source)\\b[^>]*?\\s(?:href|src|srcset)=\")([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex("\\s(?:id|name)=\"([^\"]*)\"")]
    private static partial Regex Anchor();
}
