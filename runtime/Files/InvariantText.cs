using System;
using System.Globalization;
using System.Text;

namespace Strata;

/// <summary>
/// Text that is the same in every country: what a record's own <c>ToString</c> would say of its members with a decimal point.
/// </summary>
internal static class InvariantText
{
    /// <summary>A record as text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="printMembers">The record's own.</param>
    public static string Of(string name, Func<StringBuilder, bool> printMembers) => Of(() =>
    {
        StringBuilder text = new StringBuilder(name).Append(" { ");
        return (printMembers(text) ? text.Append(' ') : text).Append('}').ToString();
    });

    /// <summary>What is formatted by the invariant culture, whatever the thread's is.</summary>
    public static string Of(Func<string> format)
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
