using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using Strata.Generator.Kernels;

namespace Strata.Generator.Printing;

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
/// <param name="Extents">The numbers of each of the kernels, by its text.</param>
internal sealed record SharedKernel(KernelText Text, IReadOnlyDictionary<string, IReadOnlyList<int>> Extents);

/// <summary>
/// Large networks repeat few kernels at many extents: those that differ in extents and strides only become one method. A small network keeps
/// its literals, which read better.
/// </summary>
/// <remarks>
/// Bounds of loops and factors of loop variables are hoisted by the JIT whether they are literals or not. What a tile adds to a reference
/// becomes a stride and a literal behind it, <c>[x + stride * 4 + 64]</c>: one register for each stride, and no instruction more.
/// </remarks>
internal static class KernelSharing
{
    private const int MostParameters = 16;

    /// <summary>The most rows or channels of a tile, less one.</summary>
    private const int MostMultiple = 3;

    /// <summary>
    /// Loop bounds, factors, addends behind a sum, limits, and lengths: never a divisor or a shuffle, nor the stride of a tile's columns, which is
    /// in every address of the innermost loop. What looks far back comes after what looks ahead: a list of thousands of weights would take minutes.
    /// </summary>
    private static readonly Regex Extent = new(
        @"(?<=\b(?<loop>\w+) < )\d+(?=;)|(?<=(?:\b(?!tileColumn|column)(?<factor>\w+)|\)) \* )\d+(?![\w.])|(?<=\) [+-] )\d+(?=\))|(?<=Math\.Min\(\w+(?: \+ \d+)?, )\d+(?=\))|(?<=== )\d+(?= \?)|(?=\d+\))(?<=Create(?:ReadOnly)?Span\([^;]*, )\d+|(?=\d+[,)])(?<=(?:SampleLanes|BatchStatistics)\.\w+\(.*, )\d+",
        RegexOptions.Compiled | RegexOptions.CultureInvariant);

    /// <summary>What is added to a reference: an offset of its own, in a tile's addresses.</summary>
    private static readonly Regex Offset = new(
        @"(?<call>Unsafe\.Add|LoadUnsafe|StoreUnsafe)\(ref (?<base>\w+), (?<number>-?\d+)\)", RegexOptions.Compiled | RegexOptions.CultureInvariant);

    /// <summary>Finds what can be shared: by the text of each kernel, the method that serves it.</summary>
    public static Dictionary<string, SharedKernel> Of(IEnumerable<KernelText> kernels, CancellationToken cancellationToken)
    {
        var shared = new Dictionary<string, SharedKernel>(StringComparer.Ordinal);
        IEnumerable<KernelText> distinct = kernels.GroupBy(k => k.Key, StringComparer.Ordinal).Select(g => g.First());
        Candidate CandidateOf(KernelText kernel)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Candidate(kernel);
        }

        foreach (IGrouping<string, Candidate> group in distinct.Select(CandidateOf).GroupBy(c => c.Skeleton, StringComparer.Ordinal))
        {
            Share([.. group], shared, cancellationToken);
        }

        return shared;
    }

    private static void Share(List<Candidate> group, Dictionary<string, SharedKernel> shared, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (group.Count == 1)
        {
            return;
        }

        var parameters = new Parameters(group);
        if (parameters.Replace() is not { } texts)
        {
            // Too different: those that have the first different offset, or extent, in common are more alike.
            int place = group[0].Places.Select((p, i) => (p.IsOffset, Index: i)).OrderByDescending(p => p.IsOffset).Select(p => p.Index)
                .First(i => group.Exists(c => c.Numbers[i] != group[0].Numbers[i]));
            foreach (IGrouping<int, Candidate> part in group.GroupBy(c => c.Numbers[place]))
            {
                Share([.. part], shared, cancellationToken);
            }

            return;
        }

        KernelText first = group[0].Kernel;
        var text = new KernelText(first.Parameters + parameters.Declarations, group[0].With(texts), first.Helpers);
        var extents = group.Select((c, i) => (c.Kernel.Key, Values: parameters.ValuesOf(i))).ToDictionary(c => c.Key, c => c.Values, StringComparer.Ordinal);
        var method = new SharedKernel(text, extents);
        foreach (Candidate candidate in group)
        {
            shared.Add(candidate.Kernel.Key, method);
        }
    }

    /// <summary>A number in a kernel's body, with what has to be written anew where it becomes a parameter.</summary>
    private readonly record struct PlacedNumber(Match Match, bool IsOffset, int Value)
    {
        /// <summary>channels for what bounds a loop over channel, channelStride for what multiplies it.</summary>
        public string Name =>
            IsOffset ? Match.Groups["base"].Value + "Stride"
            : Match.Groups["loop"].Success ? Match.Groups["loop"].Value + "Count"
            : Match.Groups["factor"].Success ? Match.Groups["factor"].Value + "Stride" : "extent";

        /// <param name="sum">A parameter, or a multiple of it.</param>
        /// <param name="rest">What is added to it.</param>
        public string With(string sum, int rest)
        {
            if (!IsOffset)
            {
                return sum;
            }

            string call = Match.Groups["call"].Value, reference = $"Unsafe.Add(ref {Match.Groups["base"].Value}, {sum})";
            return rest != 0 ? $"{call}(ref {reference}, {Text(rest)})" : call == "Unsafe.Add" ? reference : $"{call}(ref {reference})";
        }
    }

    /// <summary>A kernel with its numbers, and what is left of it without them.</summary>
    private sealed class Candidate
    {
        public Candidate(KernelText kernel)
        {
            Kernel = kernel;
            var offsets = Offset.Matches(kernel.Body).Cast<Match>()
                .Select(m => new PlacedNumber(m, true, int.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture))).ToList();
            var within = new HashSet<int>(offsets.Select(o => o.Match.Groups["number"].Index));
            IEnumerable<PlacedNumber> extents = Extent.Matches(kernel.Body).Cast<Match>().Where(m => !within.Contains(m.Index))
                .Select(m => new PlacedNumber(m, false, int.Parse(m.Value, CultureInfo.InvariantCulture)));
            Places = [.. offsets.Concat(extents).OrderBy(p => p.Match.Index)];
            Numbers = [.. Places.Select(p => p.Value)];
            Skeleton = kernel.Parameters + "\n" + With([.. Places.Select(p => p.With("#", 0))]);
        }

        public KernelText Kernel { get; }

        public PlacedNumber[] Places { get; }

        public int[] Numbers { get; }

        public string Skeleton { get; }

        /// <summary>The body with other texts at the places of its numbers.</summary>
        public string With(string[] texts)
        {
            var result = new StringBuilder(Kernel.Body.Length);
            int end = 0;
            for (int i = 0; i < texts.Length; i++)
            {
                Match match = Places[i].Match;
                result.Append(Kernel.Body, end, match.Index - end).Append(texts[i]);
                end = match.Index + match.Length;
            }

            return result.Append(Kernel.Body, end, Kernel.Body.Length - end).ToString();
        }
    }

    /// <summary>The numbers in which a group of kernels differs.</summary>
    private sealed class Parameters(List<Candidate> group)
    {
        private readonly List<(string Name, bool IsOffset, int[] Values)> _parameters = [];

        // Not what the kernel calls its own.
        private readonly HashSet<string> _taken = new(
            Regex.Matches(group[0].Kernel.Parameters + group[0].Kernel.Body, @"[A-Za-z_]\w*").Cast<Match>().Select(m => m.Value));

        /// <summary>Offsets are native integers, so that nothing is converted in the innermost loop.</summary>
        public string Declarations => string.Concat(_parameters.Select(p => $", {(p.IsOffset ? "nint" : "int")} {p.Name}"));

        public IReadOnlyList<int> ValuesOf(int kernel) => [.. _parameters.Select(p => p.Values[kernel])];

        /// <summary>The texts at the places of the numbers; null where they would need too many parameters.</summary>
        public string[]? Replace()
        {
            var texts = new string[group[0].Places.Length];
            for (int i = 0; i < texts.Length && _parameters.Count <= MostParameters; i++)
            {
                texts[i] = Text(group[0].Places[i], [.. group.Select(c => c.Numbers[i])]);
            }

            return _parameters.Count <= MostParameters ? texts : null;
        }

        private string Text(PlacedNumber place, int[] values)
        {
            if (Array.TrueForAll(values, v => v == values[0]))
            {
                return place.Match.Value;
            }

            foreach (var sum in Sums(place.IsOffset))
            {
                int rest = values[0] - sum.Values(0);
                bool fits = place.IsOffset ? rest >= 0 : rest == 0;
                for (int i = 1; fits && i < values.Length; i++)
                {
                    fits = values[i] - sum.Values(i) == rest;
                }

                if (fits)
                {
                    return place.With(sum.Text, rest);
                }
            }

            string unique = place.Name;
            for (int i = 2; !_taken.Add(unique); i++)
            {
                unique = place.Name + KernelSharing.Text(i);
            }

            _parameters.Add((unique, place.IsOffset, values));
            return place.With(unique, 0);
        }

        /// <summary>A tile's rows lie a stride, two strides, … apart, its channels another stride, and the columns in them a literal.</summary>
        private IEnumerable<(string Text, Func<int, int> Values)> Sums(bool isOffset)
        {
            if (!isOffset)
            {
                return _parameters.Where(p => !p.IsOffset).Select(p => (p.Name, new Func<int, int>(i => p.Values[i])));
            }

            var multiples = _parameters.Where(p => p.IsOffset).SelectMany(p => Enumerable.Range(1, MostMultiple).Select(m => (
                Text: m == 1 ? p.Name : $"({KernelSharing.Text(m)} * {p.Name})", Values: new Func<int, int>(i => m * p.Values[i])))).ToList();
            IEnumerable<(string Text, Func<int, int> Values)> sums = multiples.SelectMany((a, index) => multiples.Skip(index + 1).Select(
                b => ($"{a.Text} + {b.Text}", new Func<int, int>(i => a.Values(i) + b.Values(i)))));
            return multiples.Select(m => (m.Text.Trim('(', ')'), m.Values)).Concat(sums);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
