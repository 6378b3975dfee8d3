using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
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
    public static string Fill(string text, IReadOnlyDictionary<string, StepCalls> methods)
    {
        var filled = new StringBuilder();
        int start = 0;
        for (int mark = text.IndexOf(MarkCharacter); mark >= 0; mark = text.IndexOf(MarkCharacter, start))
        {
            int line = text.LastIndexOf('\n', mark) + 1, end = text.IndexOf(MarkCharacter, mark + 1);
            filled.Append(text, start, line - start);
            foreach (KeyValuePair<string, int> call in methods[text.Substring(mark + 1, end - mark - 1)]._calls.OrderBy(call => call.Value))
            {
                filled.Append(text, line, mark - line).Append($"case {Number(call.Value)}: {call.Key}; break;\n");
            }

            start = text.IndexOf('\n', end) + 1;
        }

        return filled.Append(text, start, text.Length - start).ToString();
    }
}
