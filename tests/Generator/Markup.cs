using System;
using System.Collections.Generic;
using System.Text;

namespace Strata.Generator.Tests;

internal readonly record struct MarkedSpan(string Id, int Start, int Length);

/// <summary>Expected diagnostics written into the source itself: <c>[Conv2D(6, {|STRATA030:5|})]</c>. Marks do not nest.</summary>
internal static class Markup
{
    public static (string Source, List<MarkedSpan> Spans) Parse(string marked)
    {
        var source = new StringBuilder();
        var spans = new List<MarkedSpan>();
        int position = 0;
        while (marked.IndexOf("{|", position, StringComparison.Ordinal) is var start and >= 0)
        {
            source.Append(marked, position, start - position);
            int colon = marked.IndexOf(':', start), end = marked.IndexOf("|}", start, StringComparison.Ordinal);
            string text = marked[(colon + 1)..end];
            spans.Add(new MarkedSpan(marked[(start + 2)..colon], source.Length, text.Length));
            source.Append(text);
            position = end + 2;
        }

        return (source.Append(marked, position, marked.Length - position).ToString(), spans);
    }
}
