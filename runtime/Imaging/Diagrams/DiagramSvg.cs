using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata.Imaging;

/// <summary>Writes a diagram as SVG.</summary>
internal static class DiagramSvg
{
    private const double Margin = 16, Padding = 10, LineHeight = 15, TitleHeight = 18, BarWidth = 5, BarSpace = 18;

    // Widths of letters of common sans-serif fonts, rounded up.
    private const double LetterWidth = 6.1, TitleLetterWidth = 7.4, LeastWidth = 90;

    private const string Style = """
        text { font: 11px system-ui, sans-serif; fill: #24292f; }
        .name { font-weight: 600; font-size: 12.5px; }
        .shape { font-size: 10px; fill: #57606a; }
        .box { fill: #f6f8fa; stroke: #8c959f; }
        .block { fill: #ddf4ff; stroke: #218bff; }
        .end { fill: #ffffff; stroke: #8c959f; }
        .way { fill: none; stroke: #8c959f; }
        .tip { fill: #8c959f; }
        .track { fill: #d0d7de; }
        .parameters { fill: #d55e00; }
        .work { fill: #0072b2; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3; }
          .shape { fill: #9198a1; }
          .box { fill: #161b22; stroke: #6e7681; }
          .block { fill: #0c2d6b; stroke: #388bfd; }
          .end { fill: #0d1117; stroke: #6e7681; }
          .track { fill: #30363d; }
        }
        """;

    public static string Write(string title, DiagramGraph graph)
    {
        (double Width, double Height)[] sizes = [.. graph.Nodes.Select(Size)];
        var layout = new DiagramLayout(graph, sizes);
        double width = layout.Width + (2 * Margin), height = layout.Height + (2 * Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width:0.#}" height="{height:0.#}" viewBox="0 0 {width:0.#} {height:0.#}">
            <title>{Escape(title)}</title>
            <style>
            {Style}
            </style>
            <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>
            <g transform="translate({Margin} {Margin})">

            """);
        for (int i = 0; i < graph.Edges.Count; i++)
        {
            WriteEdge(svg, layout.PointsOf(i));
        }

        long parameters = graph.Nodes.Sum(n => n.Parameters), work = graph.Nodes.Sum(n => n.MultiplyAdds);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            WriteNode(svg, graph.Nodes[i], layout.CornerOf(i), sizes[i], parameters, work);
        }

        for (int i = 0; i < graph.Edges.Count; i++)
        {
            WriteShape(svg, graph.Edges[i], layout.PointsOf(i));
        }

        return svg.Append("</g>\n</svg>\n").ToString();
    }

    /// <summary>The size of a box.</summary>
    private static (double Width, double Height) Size(DiagramNode node)
    {
        string[] lines = [.. node.Lines()];
        double text = lines.Select(l => l.Length * LetterWidth).Append(node.Label.Length * TitleLetterWidth).Max();
        double bars = node.Layers.Count > 0 ? BarSpace : 0;
        return (double.Max(LeastWidth, text + (2 * Padding) + bars), TitleHeight + (lines.Length * LineHeight) + Padding);
    }

    private static void WriteNode(
        StringBuilder svg, DiagramNode node, (double X, double Y) corner, (double Width, double Height) size, long parameters, long work)
    {
        bool isEnd = node.Layers.Count == 0;
        string kind = isEnd ? "end" : node.Kind == DiagramNodeKind.Block ? "block" : "box";
        svg.Append(CultureInfo.InvariantCulture,
            $"<g transform=\"translate({corner.X:0.#} {corner.Y:0.#})\"><rect class=\"{kind}\" width=\"{size.Width:0.#}\" ")
            .Append(CultureInfo.InvariantCulture, $"height=\"{size.Height:0.#}\" rx=\"{(isEnd ? size.Height / 2 : 6):0.#}\"/>\n");
        double left = Padding;
        if (!isEnd)
        {
            WriteBar(svg, "parameters", 6, size.Height, Share(node.Parameters, parameters));
            WriteBar(svg, "work", 6 + BarWidth + 2, size.Height, Share(node.MultiplyAdds, work));
            left += BarSpace - 4;
        }

        double middle = left + ((size.Width - left - Padding) / 2), y = TitleHeight;
        svg.Append(CultureInfo.InvariantCulture,
            $"<text class=\"name\" x=\"{middle:0.#}\" y=\"{y:0.#}\" text-anchor=\"middle\">{Escape(node.Label)}</text>\n");
        foreach (string line in node.Lines())
        {
            y += LineHeight;
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{middle:0.#}\" y=\"{y:0.#}\" text-anchor=\"middle\">{Escape(line)}</text>\n");
        }

        svg.Append("</g>\n");
    }

    private static double Share(long part, long all) => all == 0 ? 0 : (double)part / all;

    /// <summary>A bar as high as the box, filled from below.</summary>
    private static void WriteBar(StringBuilder svg, string kind, double x, double height, double share)
    {
        double full = height - 12, filled = share * full;
        svg.Append(CultureInfo.InvariantCulture,
            $"<rect class=\"track\" x=\"{x:0.#}\" y=\"6\" width=\"{BarWidth}\" height=\"{full:0.#}\" rx=\"2\"/>")
            .Append(CultureInfo.InvariantCulture,
                $"<rect class=\"{kind}\" x=\"{x:0.#}\" y=\"{6 + full - filled:0.##}\" width=\"{BarWidth}\" ")
            .Append(CultureInfo.InvariantCulture, $"height=\"{filled:0.##}\" rx=\"2\">")
            .Append(CultureInfo.InvariantCulture,
                $"<title>{100 * share:0.#} % of the {(kind == "work" ? "multiply-adds" : kind)}</title></rect>\n");
    }

    /// <summary>A curve through the points, vertical at each.</summary>
    private static void WriteEdge(StringBuilder svg, List<(double X, double Y)> points)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"way\" marker-end=\"url(#tip)\" d=\"M{points[0].X:0.#} {points[0].Y:0.#}");
        for (int i = 1; i < points.Count; i++)
        {
            ((double x0, double y0), (double x, double y)) = (points[i - 1], points[i]);
            double half = (y - y0) / 2;
            svg.Append(double.Abs(x - x0) < 0.05
                ? string.Create(CultureInfo.InvariantCulture, $"L{x:0.#} {y:0.#}")
                : string.Create(CultureInfo.InvariantCulture, $"C{x0:0.#} {y0 + half:0.#} {x:0.#} {y - half:0.#} {x:0.#} {y:0.#}"));
        }

        svg.Append("\"/>\n");
    }

    /// <summary>The shape stands at the last part of its arrow, close to the box that reads it.</summary>
    private static void WriteShape(StringBuilder svg, DiagramEdge edge, List<(double X, double Y)> points)
    {
        ((double x0, double y0), (double x, double y)) = (points[^2], points[^1]);
        svg.Append(CultureInfo.InvariantCulture,
            $"<text class=\"shape\" x=\"{((x0 + x) / 2) + 5:0.#}\" y=\"{((y0 + y) / 2) + 3:0.#}\">{NetworkDiagram.ShapeOf(edge)}</text>\n");
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
