using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>The different calls that the steps of a method make, at all sizes of a network.</summary>
/// <param name="name">The method.</param>
internal sealed class StepCalls(string name)
{
    /// <summary>Stands for the calls of a method until those of all sizes are known. The character never occurs in C#.</summary>
    private const char MarkCharacter = '\u0002';

    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);

    /// <summary>A line that stands for the calls.</summary>
    public string Mark { get; } = $"{MarkCharacter}{name}{MarkCharacter}";

    /// <summary>The number of a call in tables.</summary>
    public int NumberOf(string call)
    {
        if (!_calls.TryGetValue(call, out int number))
        {
            _calls.Add(call, number = _calls.Count);
        }

        return number;
    }

    /// <summary>Writes the calls of methods in place of the marks.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, StepCalls> methods) => Regex.Replace(
        text, $"(?<indentation> *){MarkCharacter}(?<name>[^{MarkCharacter}]*){MarkCharacter}\n",
        mark => string.Concat(methods[mark.Groups["name"].Value]._calls.OrderBy(call => call.Value).Select(
            call => $"{mark.Groups["indentation"].Value}case {Number(call.Value)}: {call.Key}; break;\n")));
}
