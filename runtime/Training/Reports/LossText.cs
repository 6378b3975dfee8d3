using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Training;

/// <summary>Losses as text.</summary>
internal static class LossText
{
    public static string Format(double loss, IReadOnlyDictionary<string, double> losses)
    {
        string each = string.Join(", ", losses.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} {l.Value:G4}")));
        return string.Create(CultureInfo.InvariantCulture, $"loss {loss:G4}") + (losses.Count > 1 ? $" ({each})" : "");
    }
}
