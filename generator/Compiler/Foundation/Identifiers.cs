using System.Globalization;
using System.Linq;

namespace Strata.Compiler.Foundation;

/// <summary>Identifiers of C#, and names of the state_dict as such.</summary>
internal static class Identifiers
{
    /// <summary>In Pascal case: running_mean gives RunningMean, and out_proj.weight gives OutProjWeight.</summary>
    public static string Pascal(string name)
    {
        Cancellation.ThrowIfRequested();
        return string.Concat(name.Split('_', '.').Where(part => part.Length > 0)
            .Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));
    }

    /// <summary>Whether a text is an identifier, or would be one but for being a keyword (C# specification, §6.4.3).</summary>
    public static bool IsValid(string text) => text.Length > 0 && IsStart(text[0]) && text.All(IsPart);

    /// <summary>Whether identifiers may hold a character behind their first one.</summary>
    public static bool IsPart(char character) => IsStart(character) || char.GetUnicodeCategory(character) is
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format;

    private static bool IsStart(char character) => character == '_' || char.GetUnicodeCategory(character) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;
}
