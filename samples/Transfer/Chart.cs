using System.Globalization;
using System.Text;

namespace Samples.Transfer;

/// <summary>The accuracies as curves, in SVG.</summary>
internal static class Chart
{
    private const int Width = 640, Height = 360, Left = 56, Right = 130, Top = 20, Bottom = 56;
    private const double Least = 0.6;

    private const string Style = """
        .transfer text { font: 13px system-ui, sans-serif; fill: #59636e; }
        .transfer .paper { fill: #ffffff; }
        .transfer .grid { stroke: #d1d9e0; }
        .transfer polyline { fill: none; stroke-width: 2.5; }
        .scratch { stroke: #b34700; } .transfer text.scratch, circle.scratch { stroke: none; fill: #b34700; }
        .head { stroke: #0757b3; } .transfer text.head, circle.head { stroke: none; fill: #0757b3; }
        .tuned { stroke: #1a7f37; stroke-dasharray: 7 5; } .transfer text.tuned, circle.tuned { stroke: none; fill: #1a7f37; }
        @media (prefers-color-scheme: dark) {
          .transfer text { fill: #9198a1; } .transfer .paper { fill: #0d1117; } .transfer .grid { stroke: #2a313c; }
          .scratch { stroke: #ff9b57; } .transfer text.scratch, circle.scratch { fill: #ff9b57; }
          .head { stroke: #58a6ff; } .transfer text.head, circle.head { fill: #58a6ff; }
          .tuned { stroke: #57d364; } .transfer text.tuned, circle.tuned { fill: #57d364; }
        }
        """;

    public static string Draw(int[] counts, IReadOnlyList<(double Scratch, double Head, double Tuned)> results)
    {
        var text = new StringBuilder();
        FormattableString size = $"""width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}" """;
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" class="transfer" {Text(size).TrimEnd()}>""");
        Add($"<style>\n{Style.ReplaceLineEndings("\n")}\n</style>\n<rect class=\"paper\" width=\"{Width}\" height=\"{Height}\" rx=\"6\"/>");
        for (int percent = 60; percent <= 100; percent += 10)
        {
            double y = Y(percent / 100.0);
            Add($"""<path class="grid" d="M{Left} {y:0.#}H{Width - Right}"/>""");
            Label("", Left - 8, y + 4, "end", $"{percent} %");
        }

        for (int i = 0; i < counts.Length; i++)
        {
            Label("", X(i), Height - Bottom + 20, "middle", $"{counts[i]}");
        }

        Label("", (Left + Width - Right) / 2, Height - 14, "middle", "examples of each digit");
        Way("scratch", "from scratch", [.. results.Select(r => r.Scratch)], lower: 4);
        Way("head", "new head", [.. results.Select(r => r.Head)], results[^1].Head < results[^1].Tuned ? 12 : -4);

        // Its curve nearly meets the one before: it is dashed, so that both are seen.
        Way("tuned", "fine-tuned", [.. results.Select(r => r.Tuned)], results[^1].Head < results[^1].Tuned ? -4 : 12);
        return text.Append("</svg>\n").ToString();

        void Way(string kind, string name, double[] accuracies, int lower)
        {
            Add($"""<polyline class="{kind}" points="{string.Join(' ', accuracies.Select((a, i) => Text($"{X(i):0.#},{Y(a):0.#}")))}"/>""");
            for (int i = 0; i < accuracies.Length; i++)
            {
                string title = Text($"<title>{accuracies[i]:P1}</title>");
                Add($"""<circle class="{kind}" cx="{X(i):0.#}" cy="{Y(accuracies[i]):0.#}" r="4">{title}</circle>""");
            }

            Label(kind, X(accuracies.Length - 1) + 12, Y(accuracies[^1]) + lower, "start", name);
        }

        void Label(string kind, double x, double y, string anchor, string words) =>
            Add($"""<text{(kind.Length > 0 ? $" class=\"{kind}\"" : "")} x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{words}</text>""");

        void Add(FormattableString line) => text.Append(Text(line)).Append('\n');

        double X(int i) => Left + 20 + (i * (Width - Left - Right - 40.0) / (counts.Length - 1));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Y(double accuracy) =>
        Height - Bottom - ((Math.Max(accuracy, Least) - Least) / (1 - Least) * (Height - Top - Bottom));
}
