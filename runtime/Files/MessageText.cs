using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata;

/// <summary>
/// Makes text from files safe for messages. Long text is cut. Control characters become escapes, since they could move the cursor or hide
/// the rest of the line.
/// </summary>
internal static class MessageText
{
    /// <summary>The most characters of a name that are shown.</summary>
    public const int NameLength = 80;

    /// <summary>The most characters of a sentence with names in it.</summary>
    public const int SentenceLength = 1000;

    private const int NamesShown = 8;

    /// <summary>The beginning of a text. If it is cut, its length follows.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">Characters that are shown.</param>
    public static string Show(string text, int most = NameLength)
    {
        var shown = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length >= most)
            {
                return shown.Append(CultureInfo.InvariantCulture, $"… ({text.Length:N0} characters)").ToString();
            }

            Append(shown, rune);
        }

        return shown.ToString();
    }

    /// <summary>A number of things: <c>1 sample</c>, <c>12 samples</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">The noun in the singular.</param>
    public static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>Extents: <c>(6, 1, 5, 5)</c>.</summary>
    /// <param name="extents">The extents.</param>
    public static string Shape<T>(IEnumerable<T> extents) => string.Create(CultureInfo.InvariantCulture, $"({string.Join(", ", extents)})");

    /// <summary>The first of some names, as a list.</summary>
    /// <param name="names">The names.</param>
    /// <param name="none">The text if there are no names.</param>
    public static string List(IReadOnlyCollection<string> names, string none)
    {
        if (names.Count == 0)
        {
            return none;
        }

        string shown = string.Join(", ", names.Take(NamesShown).Select(name => Show(name)));
        return names.Count <= NamesShown ? shown : $"{shown} and {names.Count - NamesShown} more";
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                text.Append(rune.Value switch
                {
                    '\n' => @"\n",
                    '\r' => @"\r",
                    '\t' => @"\t",
                    <= char.MaxValue => string.Create(CultureInfo.InvariantCulture, $@"\u{rune.Value:X4}"),
                    _ => string.Create(CultureInfo.InvariantCulture, $@"\U{rune.Value:X8}"),
                });
                break;
            default:
                text.Append(rune.ToString());
                break;
        }
    }
}
