using System;
using System.Text;

namespace Strata.Generator.Emission;

/// <summary>Text with indentation; lines end in <c>\n</c> on every machine, so that the output is the same to the byte.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public SourceWriter(int depth = 0) => _depth = depth;

    public void Line(string text = "")
    {
        if (text.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(text);
        }

        _text.Append('\n');
    }

    /// <summary>A text that was written at its own depth.</summary>
    public void Append(SourceWriter other) => _text.Append(other._text);

    /// <summary>A header and a brace, closed when the result is disposed.</summary>
    public Scope Block(string header)
    {
        Line(header);
        return Braces();
    }

    public Scope Braces()
    {
        Line("{");
        _depth++;
        return new Scope(this, braces: true);
    }

    /// <summary>
    /// A counted loop; none where it would run once, so that the body reads like what it computes. The caller then leaves the
    /// variable out of its expressions.
    /// </summary>
    public Scope For(string variable, int count, int step = 1) => count <= step
        ? new Scope(this, braces: false)
        : Block(step == 1
            ? $"for (int {variable} = 0; {variable} < {count}; {variable}++)"
            : $"for (int {variable} = 0; {variable} < {count}; {variable} += {step})");

    public override string ToString() => _text.ToString();

    public readonly struct Scope(SourceWriter writer, bool braces) : IDisposable
    {
        public void Dispose()
        {
            if (braces)
            {
                writer._depth--;
                writer.Line("}");
            }
        }
    }
}
