using System;
using System.Globalization;

namespace Strata.Benchmarks.Editor;

/// <summary>A file, and a number in it that a keystroke changes.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Before">The text before the number.</param>
/// <param name="After">The text behind the number.</param>
internal sealed record EditedFile(string Name, string Before, string After)
{
    private const int First = 1000, Numbers = 9000;

    /// <summary>The text with another number, which always has four digits.</summary>
    public string Text(int edit) => Before + (First + edit % Numbers).ToString(CultureInfo.InvariantCulture) + After;

    /// <summary>A file whose text has the mark <c>9999</c> in place of the number.</summary>
    public static EditedFile Of(string name, string text)
    {
        const string Mark = "9999";
        int at = text.IndexOf(Mark, StringComparison.Ordinal);
        return at >= 0 ? new EditedFile(name, text[..at], text[(at + Mark.Length)..]) : throw new ArgumentException("The mark is missing.");
    }
}
