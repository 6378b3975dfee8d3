using System.Globalization;
using System.Text;

namespace Strata.Compiler.Foundation;

/// <summary>Texts and characters as C# writes them, in quotes and with escapes.</summary>
internal static class QuotedText
{
    public static string Of(string text)
    {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.Length; i++)
        {
            if (i % 4096 == 0)
            {
                Cancellation.ThrowIfRequested();
            }

            if (char.IsSurrogatePair(text, i) && !IsEscaped(CharUnicodeInfo.GetUnicodeCategory(text, i)))
            {
                quoted.Append(text[i]).Append(text[++i]);
            }
            else
            {
                Append(quoted, text[i], quote: '"');
            }
        }

        return quoted.Append('"').ToString();
    }

    public static string Of(char character)
    {
        var quoted = new StringBuilder("'");
        Append(quoted, character, quote: '\'');
        return quoted.Append('\'').ToString();
    }

    private static void Append(StringBuilder quoted, char character, char quote)
    {
        char? letter = character switch
        {
            '\0' => '0',
            '\a' => 'a',
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\v' => 'v',
            '\\' => '\\',
            _ => character == quote ? quote : null,
        };
        if (letter is { } escape)
        {
            quoted.Append('\\').Append(escape);
        }
        else if (IsEscaped(CharUnicodeInfo.GetUnicodeCategory(character)))
        {
            quoted.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
        }
        else
        {
            quoted.Append(character);
        }
    }

    /// <summary>Whether characters of a category cannot be seen, or end a line.</summary>
    private static bool IsEscaped(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.Surrogate;
}
