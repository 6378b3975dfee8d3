using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata;

/// <summary>
/// Finds the load options that turn a file's names into a network's keys, for the message about a file that does not fit.
/// </summary>
internal static class KeyAdvice
{
    // Limits for files with many or long names.
    private const int MostNames = 64, MostLength = 200, MostCandidates = 4;

    // What PyTorch's wrappers put into keys: torch.compile, DataParallel and DistributedDataParallel, checkpoint_wrapper, FSDP.
    private static readonly string[] Wrappers = ["_orig_mod.", "module.", "_checkpoint_wrapped_module.", "_fsdp_wrapped_module."];

    /// <summary>
    /// The advice as a sentence with a space before it; empty if no option makes the file fit. It names only options that were tried.
    /// </summary>
    /// <param name="parameters">The network's parameters under their keys.</param>
    /// <param name="header">The file's header.</param>
    /// <param name="options">The options with which the file did not fit.</param>
    public static string Find(IReadOnlyDictionary<string, Parameter> parameters, SafetensorsHeader header, WeightsLoadOptions options)
    {
        // Don't call the user's function with names that it was not written for.
        if (options.Rename is not null)
        {
            return "";
        }

        Dictionary<string, SafetensorsEntry> tensors = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        string[] names = [.. header.Entries.Where(e => !NetworkWeights.IsIgnored(e, header)).Select(e => e.Name)
            .Where(name => name.Length <= MostLength).Take(MostNames)];
        List<(string Option, int Others)> found = Fitting(
            Prefixes(parameters, names).Where(p => p != options.Prefix).Select(p => ($"{nameof(options.Prefix)} = \"{p}\"", Without(p))));
        if (found.Count == 0)
        {
            found = Fitting(
            [
                .. Additions(parameters, names)
                    .Select(p => ($"{nameof(options.Rename)} = name => \"{p}\" + name", (Func<string, string?>)(name => p + name))),
                .. Removals(names),
            ]);
        }

        if (found.Count == 0)
        {
            return "";
        }

        int fewest = found.Min(f => f.Others);
        string choices = string.Join(" or ", found.Where(f => f.Others == fewest).Select(f => MessageText.Show(f.Option, MostLength)));
        return $" With {nameof(WeightsLoadOptions)} {{ {choices} }} "
            + (fewest == 0 ? "all of them fit."
                : $"all of these fit; {nameof(options.Strict)} = false skips the file's other {MessageText.Count(fewest, "tensor")}.");

        List<(string Option, int Others)> Fitting(IEnumerable<(string Option, Func<string, string?> Key)> candidates) =>
            [.. candidates.Select(c => (c.Option, Others: CountOthers(parameters, header, tensors, c.Key))).Where(c => c.Others >= 0)];
    }

    /// <summary>
    /// How many of the file's tensors are not in the network under these keys; −1 unless the file has each parameter exactly once and in
    /// its shape.
    /// </summary>
    private static int CountOthers(
        IReadOnlyDictionary<string, Parameter> parameters, SafetensorsHeader header, IReadOnlyDictionary<string, SafetensorsEntry> tensors,
        Func<string, string?> key)
    {
        var found = new HashSet<Parameter>();
        int others = 0;
        foreach (SafetensorsEntry entry in header.Entries)
        {
            if (key(entry.Name) is { } own && parameters.TryGetValue(own, out Parameter? parameter))
            {
                bool isFloat = entry.IsFloat || WeightScales.Find(entry, parameter, tensors) is not null;
                if (!found.Add(parameter) || !isFloat || !SafetensorsReader.IsShape(entry, parameter.Shape))
                {
                    return -1;
                }
            }
            else if (!NetworkWeights.IsIgnored(entry, header) && WeightScales.WeightOf(entry, tensors) is null)
            {
                others++;
            }
        }

        return found.Count == parameters.Count ? others : -1;
    }

    private static Func<string, string?> Without(string prefix) =>
        name => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;

    /// <summary>Prefixes that the file's names have before the network's keys.</summary>
    private static IEnumerable<string> Prefixes(IReadOnlyDictionary<string, Parameter> parameters, string[] names) => names
        .SelectMany(name => Beginnings(name).Where(b => parameters.ContainsKey(name[b.Length..])))
        .Distinct()
        .Take(MostCandidates);

    /// <summary>Prefixes that the network's keys have before the file's names.</summary>
    private static IEnumerable<string> Additions(IReadOnlyDictionary<string, Parameter> parameters, string[] names) =>
        parameters.Keys.Take(1)
        .SelectMany(key => Beginnings(key).Where(b => b.Length > 0 && Array.IndexOf(names, key[b.Length..]) >= 0))
        .Take(MostCandidates);

    /// <summary>The option that removes PyTorch's wrappers from the names of a file, if some name has one.</summary>
    private static IEnumerable<(string Option, Func<string, string?> Key)> Removals(string[] names)
    {
        string[] present = [.. Wrappers.Where(w => names.Any(name => name.Contains(w, StringComparison.Ordinal)))];
        if (present.Length > 0)
        {
            string calls = string.Concat(present.Select(w => $".Replace(\"{w}\", \"\")"));
            yield return ($"{nameof(WeightsLoadOptions.Rename)} = name => name{calls}",
                name => present.Aggregate(name, (rest, w) => rest.Replace(w, "", StringComparison.Ordinal)));
        }
    }

    /// <summary>The empty text, and the name up to each of its dots, shortest first.</summary>
    private static IEnumerable<string> Beginnings(string name)
    {
        yield return "";
        for (int at = name.IndexOf('.'); at >= 0 && at < MostLength; at = name.IndexOf('.', at + 1))
        {
            yield return name[..(at + 1)];
        }
    }
}
