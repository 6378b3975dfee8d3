using System;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Strata.Site;

/// <summary>What the site's search knows of each page.</summary>
internal static partial class SearchIndex
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Completes the titles: an attribute is found by the name with which it is written, and no title names the site.
    /// </summary>
    /// <param name="file">The index that docfx has written.</param>
    public static void Complete(string file)
    {
        JsonObject index = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        foreach (JsonObject page in index.Select(entry => entry.Value!.AsObject()))
        {
            page["title"] = TitleOf((string)page["title"]!);
        }

        File.WriteAllText(file, index.ToJsonString(Readable));
    }

    /// <summary>The title that a result of the search has.</summary>
    /// <param name="title">The page's title.</param>
    public static string TitleOf(string title)
    {
        const string Site = " | Strata";
        title = title.EndsWith(Site, StringComparison.Ordinal) ? title[..^Site.Length] : title;
        return Attribute().Replace(title, "[$1]: class $1Attribute");
    }

    [GeneratedRegex("^Class (\\w+)Attribute$")]
    private static partial Regex Attribute();
}
