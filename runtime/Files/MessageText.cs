using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata;

/// <summary>
/// Text that comes out of a file, as messages show it: a sensible length of it, and what would move the cursor, hide or turn the rest of
/// the line as escapes.
/// </summary>
internal static class MessageText
{
    /// <summary>Characters of a name that are shown.</summary>
    public const int NameLength = 80;

    /// <summary>Characters that are shown of a sentence that has names in it.</summary>
    public const int SentenceLength = 1000;

    private const int NamesShown = 8;

    /// <summary>The beginning of a text; of one that goes on, its length, too.</summary>
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
    /// <param name="noun">What one of them is called.</param>
    public static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>Extents: <c>(6, 1, 5, 5)</c>.</summary>
    /// <param name="extents">The extents.</param>
    public static string Shape<T>(IEnumerable<T> extents) => string.Create(CultureInfo.InvariantCulture, $"({string.Join(", ", extents)})");

    /// <summary>The first of some names.</summary>
    /// <param name="names">The names.</param>
    /// <param name="none">What is said where there are none.</param>
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
