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
/// <param name="name">The program's method, which also names the table.</param>
/// <param name="calls">The calls of the method.</param>
/// <param name="isIndexed">Whether the runtime asks for steps by an index.</param>
/// <param name="ofSizes">Whether other sizes of the network have other tables for the same method.</param>
internal sealed class StepTable(string name, StepCalls calls, bool isIndexed, bool ofSizes)
{
    /// <summary>What a call writes for the next number of its line. Arguments are evaluated from left to right.</summary>
    public const string Next = "steps[i++]";

    private readonly List<string> _lines = [];
    private readonly List<int> _starts = [0];
    private int _length;

    /// <param name="call">With <see cref="Next"/> in place of each of the <paramref name="numbers"/>.</param>
    public void Add(string comment, string call, IReadOnlyCollection<int> numbers)
    {
        string line = string.Concat(numbers.Prepend(calls.NumberOf(call)).Select(n => Number(n) + ", "));
        _lines.Add(comment.Length > 0 ? $"{line}// {comment}" : line.TrimEnd());
        _length += numbers.Count + 1;
    }

    /// <summary>Ends the calls that the runtime asks for by one index.</summary>
    public void EndStep() => _starts.Add(_length);

    public void WriteData(SourceWriter writer)
    {
        writer.Part();
        writer.Line();

        // Braces, not brackets: a collection expression costs the compiler another node for each element.
        writer.Line($"private static readonly int[] {FieldOf("Steps")} =");
        writer.Line("{");
        foreach (string line in _lines)
        {
            writer.Line("    " + line);
        }

        writer.Line("};");
        WriteProperty(writer, "Steps");
        if (isIndexed)
        {
            writer.Part();
            writer.Line();
            writer.Line("// Where each step begins, and where the last ends.");
            writer.Line(
                $"private static readonly int[] {FieldOf("Starts")} = {{ {string.Join(", ", _starts.Select(s => Number(s)))} }};");
            WriteProperty(writer, "Starts");
        }
    }

    /// <summary>Writes the loop that makes the calls of one step, or all calls if steps are not asked for by their indices.</summary>
    /// <param name="index">The variable that holds the index of the step.</param>
    public void WriteLoop(SourceWriter writer, string index)
    {
        string starts = name + "Starts";
        if (isIndexed && ofSizes)
        {
            writer.Line($"int[] starts = {starts};");
            starts = "starts";
        }

        string first = isIndexed ? $"{starts}[{index}]" : "0";
        string end = isIndexed ? $"{starts}[{index} + 1]" : "steps.Length";
        writer.Line($"int[] steps = {name}Steps;");
        using (writer.Block("unchecked"))
        using (writer.Block($"for (int i = {first}; i < {end};)"))
        using (writer.Block("switch (steps[i++])"))
        {
            writer.Line(calls.Mark);
        }
    }

    private string FieldOf(string data) => ofSizes ? $"{name}{data}Data{SizedParts.Suffix}" : name + data;

    /// <summary>Writes the property by which the method, which is that of all sizes, finds the data of its size.</summary>
    private void WriteProperty(SourceWriter writer, string data)
    {
        if (ofSizes)
        {
            writer.Line();
            writer.Line($"protected {SizedParts.Modifier} int[] {name}{data} => {FieldOf(data)};");
        }
    }
}
