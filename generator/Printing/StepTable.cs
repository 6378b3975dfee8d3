using System;
using System.Collections.Generic;
using System.Linq;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>
/// A long program as data. Each different call is written once; each step is a line of numbers for it.
/// </summary>
/// <remarks>
/// A large network repeats few different calls, on many places in memory. As code, the calls would be a third of its text. They would also
/// cost memory: while analyzers run, the compiler keeps the bound body of every method, but not a field's initial value.
/// </remarks>
internal sealed class StepTable(string name)
{
    /// <summary>What a call writes for the next number of its line. Arguments are evaluated from left to right.</summary>
    public const string Next = "steps[i++]";

    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly List<string> _lines = [];
    private readonly List<int> _starts = [0];
    private int _length;

    /// <param name="call">With <see cref="Next"/> in place of each of the <paramref name="numbers"/>.</param>
    public void Add(string comment, string call, IReadOnlyCollection<int> numbers)
    {
        if (!_calls.TryGetValue(call, out int number))
        {
            _calls.Add(call, number = _calls.Count);
        }

        _lines.Add($"{string.Concat(numbers.Prepend(number).Select(n => Number(n) + ", "))}// {comment}");
        _length += numbers.Count + 1;
    }

    /// <summary>Ends the calls that the runtime asks for by one index.</summary>
    public void EndStep() => _starts.Add(_length);

    public void WriteData(SourceWriter writer)
    {
        // Braces, not brackets: a collection expression costs the compiler another node for each element.
        writer.Line($"private static readonly int[] {name}Steps =");
        writer.Line("{");
        foreach (string line in _lines)
        {
            writer.Line("    " + line);
        }

        writer.Line("};");
        if (_starts.Count > 1)
        {
            writer.Line();
            writer.Line("// Where each step begins, and where the last ends.");
            writer.Line($"private static readonly int[] {name}Starts = {{ {string.Join(", ", _starts.Select(s => Number(s)))} }};");
        }
    }

    /// <summary>Writes the loop that makes the calls of one step, or all calls if steps are not asked for by their indices.</summary>
    /// <param name="index">The variable that holds the index of the step.</param>
    public void WriteLoop(SourceWriter writer, string index)
    {
        string first = _starts.Count > 1 ? $"{name}Starts[{index}]" : "0";
        string end = _starts.Count > 1 ? $"{name}Starts[{index} + 1]" : "steps.Length";
        writer.Line($"int[] steps = {name}Steps;");
        using (writer.Block("unchecked"))
        using (writer.Block($"for (int i = {first}; i < {end};)"))
        using (writer.Block("switch (steps[i++])"))
        {
            foreach (KeyValuePair<string, int> call in _calls.OrderBy(c => c.Value))
            {
                writer.Line($"case {Number(call.Value)}: {call.Key}; break;");
            }
        }
    }
}
