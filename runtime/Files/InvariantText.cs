using System;
using System.Globalization;
using System.Text;

namespace Strata;

/// <summary>Text that is the same in every culture: what the <c>ToString</c> of a record prints, with decimal points.</summary>
internal static class InvariantText
{
    /// <summary>A record as text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="printMembers">The record's own <c>PrintMembers</c>.</param>
    public static string Format(string name, Func<StringBuilder, bool> printMembers) => Format(() =>
    {
        StringBuilder text = new StringBuilder(name).Append(" { ");
        return (printMembers(text) ? text.Append(' ') : text).Append('}').ToString();
    });

    /// <summary>Calls a function with the invariant culture as the thread's.</summary>
    public static string Format(Func<string> format)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return format();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
