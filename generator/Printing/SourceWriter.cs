using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Strata.Generator.Printing;

/// <summary>Text with indentation; lines end in <c>\n</c> on every machine, so that the output is the same to the byte.</summary>
internal sealed class SourceWriter
{
    private const int LineLength = 140;

    private readonly StringBuilder _text = new();
    private readonly List<int> _parts = [];
    private int _depth;

    public SourceWriter(int depth = 0) => _depth = depth;

    /// <summary>Characters so far.</summary>
    public int Length => _text.Length;

    public void Line(string text = "")
    {
        Cancellation.ThrowIfRequested();
        if (text.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(text);
        }

        _text.Append('\n');
    }

    /// <summary>Writes short statements that belong together, as many on a line as fit.</summary>
    public void Statements(IEnumerable<string> statements)
    {
        string line = "";
        foreach (string statement in statements)
        {
            if (line.Length > 0 && (4 * _depth) + WidthOf(line) + 1 + WidthOf(statement) > LineLength)
            {
                Line(line);
                line = "";
            }

            line = line.Length == 0 ? statement : line + " " + statement;
        }

        if (line.Length > 0)
        {
            Line(line);
        }
    }

    /// <summary>Declares vectors that begin at zero.</summary>
    public void DeclareZeros(IEnumerable<string> names)
    {
        var list = new List<string>(names);
        Declare(list);
        SetZeros(list);
    }

    /// <summary>Sets vectors to zero.</summary>
    private void SetZeros(IEnumerable<string> names) =>
        Statements(Chunks([.. names], 12).Select(chunk => $"{string.Join(" = ", chunk)} = Vector.Zero;"));

    private static IEnumerable<List<string>> Chunks(List<string> items, int size)
    {
        for (int i = 0; i < items.Count; i += size)
        {
            yield return items.GetRange(i, Math.Min(size, items.Count - i));
        }
    }

    /// <summary>Begins a part of the text. A part is one member of a class, with the comments before it.</summary>
    public void Part() => _parts.Add(_text.Length);

    /// <summary>The parts in order; what is before the first is none.</summary>
    public IEnumerable<string> Parts
    {
        get
        {
            string text = _text.ToString();
            for (int i = 0; i < _parts.Count; i++)
            {
                yield return text.Substring(_parts[i], (i + 1 < _parts.Count ? _parts[i + 1] : text.Length) - _parts[i]);
            }
        }
    }

    /// <summary>Appends a text that has its own indentation.</summary>
    public void Append(SourceWriter other)
    {
        _parts.AddRange(other._parts.Select(part => _text.Length + part));
        _text.Append(other._text);
    }

    /// <inheritdoc cref="Append(SourceWriter)"/>
    public void Append(string text) => _text.Append(text);

    /// <summary>Writes a header and an opening brace. Disposing the result closes the brace.</summary>
    public Scope Block(string header)
    {
        Line(header);
        return Braces();
    }

    /// <summary>As <see cref="Block"/>, for a method of a program that the JIT compiles once.</summary>
    public Scope Method(string header)
    {
        Line($"[MethodImpl({KernelClass.Once})]");
        return Block(header);
    }

    public Scope Braces()
    {
        Line("{");
        _depth++;
        return new Scope(this);
    }

    /// <summary>Writes declarations of vectors, as many on a line as fit.</summary>
    public void Declare(IEnumerable<string> vectors) => Declare("Vector", vectors);

    /// <param name="together">Whether all lines are one declaration, which names the type once.</param>
    public void Declare(string type, IEnumerable<string> variables, bool together = false)
    {
        string line = "";
        foreach (string variable in variables)
        {
            bool isFull = line.Length > 0 && (4 * _depth) + WidthOf(line) + 3 + WidthOf(variable) > LineLength;
            if (isFull)
            {
                Line(line + (together ? "," : ";"));
            }

            line = isFull && together ? $"    {variable}" : isFull || line.Length == 0 ? $"{type} {variable}" : $"{line}, {variable}";
        }

        if (line.Length > 0)
        {
            Line(line + ";");
        }
    }

    public override string ToString() => _text.ToString();

    private static int WidthOf(string text) => PrintedMethod.WithoutMarks(text).Length;

    public readonly struct Scope(SourceWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            writer.Line("}");
        }
    }
}
