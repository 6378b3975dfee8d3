using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Strata.Benchmarks.Tables;

/// <summary>The README's chart, for light pages and for dark ones: a bar for each of its rows, as long as the ratio to the peer.</summary>
/// <param name="Name">A part of the file's name.</param>
/// <param name="Text">The colour of words.</param>
/// <param name="Faint">The colour of lines and small words.</param>
/// <param name="Inference">The colour of bars.</param>
/// <param name="Training">The colour of bars.</param>
internal sealed record Chart(string Name, string Text, string Faint, string Inference, string Training)
{
    private const int Width = 760, LabelWidth = 225, RightMargin = 60, Top = 46, RowHeight = 24, BarHeight = 15, GroupHeight = 34;

    private const string Font = "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif";

    public static readonly Chart Light = new("light", "#1f2328", "#59636e", "#0969da", "#1a7f37");

    public static readonly Chart Dark = new("dark", "#f0f6fc", "#9198a1", "#4493f8", "#3fb950");

    /// <summary>The text of the SVG file.</summary>
    public string Draw(ResultFile file)
    {
        List<(string Name, Result Row)> all = [.. Headline.Of(file)];
        double most = Math.Ceiling(all.Max(shown => shown.Row.Ratio!.Value));
        IGrouping<string, (string Name, Result Row)>[] groups = [.. all.GroupBy(shown => shown.Row.Mode)];
        int height = Top + (groups.Length * GroupHeight) + (all.Count * RowHeight) + 24;
        string title = $"Speed relative to the peer: {file.Cpu.Split(" (")[0]}, one thread, AVX-512";

        var svg = new StringBuilder();
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img">""");
        Line($"<title>{title}</title>");
        Line($"""<g font-family="{Font}" font-size="13" fill="{Text}">""");
        Line($"""<text x="0" y="20" font-size="15" font-weight="600">{title}</text>""");
        for (int ratio = 0; ratio <= most; ratio++)
        {
            string dashes = ratio == 1 ? "" : " stroke-dasharray=\"2 4\" opacity=\"0.5\"";
            Line($"""<line x1="{X(ratio)}" y1="{Top}" x2="{X(ratio)}" y2="{height - 22}" stroke="{Faint}"{dashes}/>""");
            string label = ratio == 1 ? "1 = peer" : Invariant($"{ratio}");
            Line($"""<text x="{X(ratio)}" y="{height - 6}" text-anchor="middle" font-size="11" fill="{Faint}">{label}</text>""");
        }

        int y = Top;
        foreach (IGrouping<string, (string Name, Result Row)> group in groups)
        {
            string color = group.Key == Result.Training ? Training : Inference;
            string heading = group.Key == Result.Training ? "Training step" : "Inference";
            Line($"""<text x="0" y="{y + 22}" font-weight="600">{heading}, against {group.First().Row.PeerVersion}</text>""");
            y += GroupHeight;
            foreach ((string name, Result row) in group)
            {
                double ratio = row.Ratio!.Value;
                Line($"""<text x="{LabelWidth - 10}" y="{y + 12}" text-anchor="end">{name}, batch {row.Batch}</text>""");
                Line($"""<rect x="{X(0)}" y="{y}" width="{Invariant($"{X(ratio, 0)}")}" height="{BarHeight}" rx="2" fill="{color}"/>""");
                Line($"""<text x="{X(ratio + 0.06)}" y="{y + 12}" font-weight="600">{Headline.Ratio(row)}</text>""");
                y += RowHeight;
            }
        }

        Line($"</g>");
        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString line) => svg.Append(FormattableString.Invariant(line)).Append('\n');

        double X(double ratio, int start = LabelWidth) => Math.Round(start + (ratio / most * (Width - LabelWidth - RightMargin)), 1);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
