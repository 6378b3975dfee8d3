using System.Collections.Generic;
using System.Linq;

namespace Strata;

/// <summary>Says which parameters were loaded from a weights file.</summary>
/// <param name="Loaded">The keys of the parameters that were replaced.</param>
/// <param name="Missing">The keys of the parameters that the file lacks. They keep their values.</param>
/// <param name="Mismatched">The keys of the parameters that have another shape in the file. They keep their values.</param>
/// <param name="Unexpected">The names of the file's tensors that the network lacks.</param>
public sealed record WeightsLoadReport(
    IReadOnlyList<string> Loaded,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Mismatched,
    IReadOnlyList<string> Unexpected)
{
    /// <summary>
    /// The names of the file's tensors that are shared parameters under the key of another layer that uses them. Their values are those of
    /// the loaded parameters.
    /// </summary>
    public IReadOnlyList<string> Copies { get; init; } = [];

    /// <summary>The number of each kind, and the names.</summary>
    public override string ToString()
    {
        (string Kind, IReadOnlyList<string> Names)[] lists =
        [
            ("loaded", Loaded), ("missing", Missing), ("mismatched", Mismatched), ("unexpected", Unexpected),
            .. Copies.Count == 0 ? [] : ((string, IReadOnlyList<string>)[])[("copies", Copies)],
        ];
        string counts = string.Join(", ", lists.Select(l => $"{l.Names.Count} {l.Kind}"));
        return string.Join('\n', lists
            .Where(l => l.Names.Count > 0)
            .Select(l => $"{l.Kind}: {string.Join(", ", l.Names.Select(name => MessageText.Show(name)))}")
            .Prepend(counts));
    }
}
