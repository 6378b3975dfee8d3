using System.Globalization;

namespace Samples;

/// <summary>Writes a number with its noun.</summary>
internal static class Plural
{
    /// <summary><c>1 sample</c>, <c>2,000 samples</c>.</summary>
    public static string Of(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
