using System.Linq;

namespace Strata.Compiler.Foundation;

/// <summary>Names of the state_dict as identifiers.</summary>
internal static class Identifiers
{
    /// <summary>In Pascal case: running_mean gives RunningMean.</summary>
    public static string Pascal(string name)
    {
        Cancellation.ThrowIfRequested();
        return string.Concat(name.Split('_').Where(part => part.Length > 0)
            .Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));
    }
}
