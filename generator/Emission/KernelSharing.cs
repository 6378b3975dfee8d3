using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Strata.Generator.Kernels;

namespace Strata.Generator.Emission;

/// <summary>A kernel as text: its parameters and its body.</summary>
internal sealed record KernelText(string Parameters, string Body, IReadOnlyList<string> Helpers)
{
    /// <summary>What kernels are told apart by.</summary>
    public string Key { get; } = Parameters + "\n" + Body;

    public static KernelText Of(Kernel kernel)
    {
        var body = new SourceWriter(depth: 2);
        kernel.WriteBody(body);
        return new KernelText(kernel.Parameters, body.ToString(), body.Helpers);
    }
}

/// <summary>A method that serves kernels which differ in some numbers: these became its last parameters.</summary>
/// <param name="Arguments">The numbers of each of the kernels, by its text.</param>
internal sealed record SharedKernel(KernelText Text, IReadOnlyDictionary<string, string> Arguments);

/// <summary>
/// Large networks repeat few kernels at many extents. Where the text of all kernels together is long, those that differ in extents and
/// strides only become one method; a small network keeps its literals, which read better.
/// </summary>
/// <remarks>
/// Bounds of loops and factors of loop variables are hoisted by the JIT whether they are literals or not. A number that stands alone in an
/// address belongs to the tile in registers and stays: as a parameter it would be one more load in the innermost loop.
/// </remarks>
internal static class KernelSharing
{
    /// <summary>Characters of all kernels of a tier from which on they are shared.</summary>
    private const int Threshold = 150_000;

    private const int MostParameters = 16;

    /// <summary>Loop bounds, factors, addends behind a sum, limits, and lengths: never a divisor, a shuffle or an offset of its own.</summary>
    private static readonly Regex Extent = new(
        @"(?<=\b(?<loop>\w+) < )\d+(?=;)|(?<=(?:\b(?<factor>\w+)|\)) \* )\d+(?![\w.])|(?<=\) [+-] )\d+(?=\))|(?<=Math\.Min\(\w+, )\d+(?=\))|(?<=== )\d+(?= \?)|(?<=CreateSpan\([^;]*, )\d+(?=\))|(?<=CreateReadOnlySpan\([^;]*, )\d+(?=\))|(?<=(?:SampleLanes|BatchStatistics)\.\w+\(.*, )\d+(?=[,)])",
        RegexOptions.Compiled | RegexOptions.CultureInvariant);

    /// <summary>Finds what can be shared: by the text of each kernel, the method that serves it.</summary>
    public static Dictionary<string, SharedKernel> Of(IEnumerable<KernelText> kernels)
    {
        var shared = new Dictionary<string, SharedKernel>(StringComparer.Ordinal);
        List<KernelText> distinct = kernels.GroupBy(k => k.Key, StringComparer.Ordinal).Select(g => g.First()).ToList();
        if (distinct.Sum(k => (long)k.Body.Length) < Threshold)
        {
            return shared;
        }

        var groups = new Dictionary<string, List<(KernelText Kernel, MatchCollection Numbers)>>(StringComparer.Ordinal);
        foreach (KernelText kernel in distinct)
        {
            MatchCollection numbers = Extent.Matches(kernel.Body);
            string skeleton = kernel.Parameters + "\n" + Replace(kernel.Body, numbers, _ => "#");
            if (!groups.TryGetValue(skeleton, out var group))
            {
                groups.Add(skeleton, group = []);
            }

            group.Add((kernel, numbers));
        }

        foreach (var group in groups.Values.Where(g => g.Count > 1))
        {
            Share(group, shared);
        }

        return shared;
    }

    private static void Share(List<(KernelText Kernel, MatchCollection Numbers)> group, Dictionary<string, SharedKernel> shared)
    {
        // Numbers that are equal to one another in every kernel are one parameter.
        (KernelText first, MatchCollection places) = group[0];
        var byValues = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new List<string>();
        var values = new List<int>();
        var taken = new HashSet<string>(Regex.Matches(first.Parameters + first.Body, @"[A-Za-z_]\w*").Cast<Match>().Select(m => m.Value));
        var replacements = new string[places.Count];
        for (int i = 0; i < places.Count; i++)
        {
            string[] numbers = group.Select(g => g.Numbers[i].Value).ToArray();
            replacements[i] = numbers[0];
            if (numbers.All(n => n == numbers[0]))
            {
                continue;
            }

            string key = string.Join(",", numbers);
            if (!byValues.TryGetValue(key, out string name))
            {
                byValues.Add(key, name = Unique(NameOf(places[i]), taken));
                names.Add(name);
                values.Add(i);
            }

            replacements[i] = name;
        }

        if (names.Count > MostParameters)
        {
            return;
        }

        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((KernelText kernel, MatchCollection numbers) in group)
        {
            arguments.Add(kernel.Key, string.Concat(values.Select(v => ", " + numbers[v].Value)));
        }

        int next = 0;
        string body = Replace(first.Body, places, _ => replacements[next++]);
        var text = new KernelText(first.Parameters + string.Concat(names.Select(n => ", int " + n)), body, first.Helpers);
        var method = new SharedKernel(text, arguments);
        foreach ((KernelText kernel, _) in group)
        {
            shared.Add(kernel.Key, method);
        }
    }

    /// <summary>channels for what bounds a loop over channel, channelStride for what multiplies it.</summary>
    private static string NameOf(Match place) =>
        place.Groups["loop"].Success ? place.Groups["loop"].Value + "Count"
        : place.Groups["factor"].Success ? place.Groups["factor"].Value + "Stride" : "extent";

    private static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
        {
            unique = name + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return unique;
    }

    private static string Replace(string text, MatchCollection places, Func<Match, string> replacement)
    {
        var result = new StringBuilder(text.Length);
        int end = 0;
        foreach (Match place in places)
        {
            result.Append(text, end, place.Index - end).Append(replacement(place));
            end = place.Index + place.Length;
        }

        return result.Append(text, end, text.Length - end).ToString();
    }
}
