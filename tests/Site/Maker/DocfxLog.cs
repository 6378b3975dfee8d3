using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Strata.Site;

/// <summary>What docfx complains of.</summary>
internal static class DocfxLog
{
    /// <summary>
    /// Links to files that are no pages, such as sources. <see cref="PageLinks"/> lets them lead to the repository, and reports those that
    /// lead nowhere.
    /// </summary>
    private const string LinkToFile = "InvalidFileLink";

    /// <summary>The warnings and errors of a log.</summary>
    /// <param name="lines">The log: an object of JSON in each line.</param>
    public static IEnumerable<string> Problems(IEnumerable<string> lines) =>
        from line in lines
        where line.Length > 0
        let entry = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line)!
        where TextOf(entry, "severity") is "warning" or "error" && TextOf(entry, "code") != LinkToFile
        select $"{TextOf(entry, "file")}({TextOf(entry, "line")}): "
            + $"{TextOf(entry, "severity")} {TextOf(entry, "code")}: {TextOf(entry, "message")}";

    private static string TextOf(Dictionary<string, JsonElement> entry, string name) =>
        entry.TryGetValue(name, out JsonElement value) ? value.ToString() : "";
}
