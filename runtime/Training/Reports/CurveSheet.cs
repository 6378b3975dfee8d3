using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security;
using System.Text;

namespace Strata.Training;

/// <summary>A curve: its name, and a value for each epoch that has one.</summary>
/// <param name="Name">The name in the legend. It is also the CSS class, which sets the colour.</param>
/// <param name="Points">Epochs and their values.</param>
internal sealed record Curve(string Name, IReadOnlyList<(int Epoch, double Value)> Points)
{
    // Larger values are not drawn: the difference of two could overflow.
    private const double Most = 1e300;

    /// <summary>Whether a value can be drawn. Infinities, NaN and very large values cannot.</summary>
    public static bool IsDrawable(double value) => double.Abs(value) <= Most;
}

/// <summary>An SVG document with panels of curves side by side.</summary>
internal sealed class CurveSheet
{
    private const int Width = 360, Height = 220, Left = 60, Gap = 68, Right = 24, Header = 54, Footer = 48, TitleHeight = 36, Inset = 10;

    private const int MostEpochTicks = 8;

    // The rules outside prefers-color-scheme draw everything in light colours, the background too, for viewers without dark mode. Each rule
    // begins with the class of this drawing, since a style inside an SVG applies to the whole page that embeds it.
    private const string Style = """
        .strata-curves text { font: 12px system-ui, "Segoe UI", Roboto, sans-serif; fill: #59636e; }
        .strata-curves .title { font-size: 16px; font-weight: 600; fill: #1f2328; }
        .strata-curves .name { font-size: 13px; font-weight: 600; fill: #1f2328; }
        .strata-curves .paper { fill: #ffffff; }
        .strata-curves path { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .strata-curves .grid { stroke: #d1d9e0; stroke-width: 1; }
        .strata-curves .axis { stroke: #818b98; stroke-width: 1; }
        .strata-curves .best { stroke: #818b98; stroke-width: 1; stroke-dasharray: 2 4; }
        .strata-curves path.training { stroke: #0b6bcb; }
        .strata-curves path.validation { stroke: #d9570b; }
        .strata-curves circle.training { fill: #0b6bcb; }
        .strata-curves circle.validation { fill: #d9570b; }
        @media (prefers-color-scheme: dark) {
          .strata-curves text { fill: #9198a1; }
          .strata-curves .title, .strata-curves .name { fill: #f0f6fc; }
          .strata-curves .paper { fill: #0d1117; }
          .strata-curves .grid { stroke: #2a313c; }
          .strata-curves .axis, .strata-curves .best { stroke: #656c76; }
          .strata-curves path.training { stroke: #58a6ff; }
          .strata-curves path.validation { stroke: #ff9b57; }
          .strata-curves circle.training { fill: #58a6ff; }
          .strata-curves circle.validation { fill: #ff9b57; }
        }
        """;

    private readonly StringBuilder _text = new();
    private readonly int[] _epochs;
    private readonly int _top, _best;
    private int _left = Left;

    /// <param name="panels">Number of panels that follow.</param>
    /// <param name="title">The title above the panels, or null.</param>
    /// <param name="epochs">Numbers of the epochs, from the left.</param>
    /// <param name="best">The epoch that is marked; 0 for none.</param>
    public CurveSheet(int panels, string? title, int[] epochs, int best)
    {
        (_epochs, _best, _top) = (epochs, best, Header + (title is null ? 0 : TitleHeight));
        int width = Left + (panels * Width) + ((panels - 1) * Gap) + Right, height = _top + Height + Footer;
        string name = Escape(title ?? "Learning curves");
        FormattableString size = $"""width="{width}" height="{height}" viewBox="0 0 {width} {height}" """;
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" class="strata-curves" {size}role="img" aria-label="{name}">""");
        Add($"<style>\n{Style.ReplaceLineEndings("\n")}\n</style>");
        Add($"""<rect class="paper" width="{width}" height="{height}" rx="6"/>""");
        if (title is not null)
        {
            Label("title", Left, TitleHeight - 6, "start", name);
        }
    }

    private int Bottom => _top + Height;

    /// <summary>Draws a panel.</summary>
    /// <param name="name">The panel's title: what its curves show.</param>
    /// <param name="curves">The curves.</param>
    /// <param name="told">The curve whose value at the best epoch is written.</param>
    /// <param name="monitored">The curve by which that epoch is the best.</param>
    /// <param name="unit">The unit that is written after each number.</param>
    /// <param name="limit">A value that the curves cannot exceed, such as 100 %.</param>
    public void Draw(
        string name, IReadOnlyList<Curve> curves, Curve told, Curve monitored, string unit = "", double limit = double.PositiveInfinity)
    {
        double[] values = [.. curves.SelectMany(curve => curve.Points).Select(point => point.Value).Where(Curve.IsDrawable)];
        RoundAxis axis = values.Length > 0 ? RoundAxis.Over(values.Min(), values.Max(), limit) : RoundAxis.Over(0, 1, limit);
        DrawAxes(name, axis, unit);
        DrawLegend(curves);
        DrawBest(told, isBest: ReferenceEquals(told, monitored), unit);
        foreach (Curve curve in curves)
        {
            DrawCurve(curve, axis, unit);
        }

        _left += Width + Gap;
    }

    public override string ToString() => $"{_text}</svg>\n";

    /// <summary>Escapes a text for XML.</summary>
    private static string Escape(string text) =>
        SecurityElement.Escape(MessageText.Show(text).Replace('\uFFFE', '\uFFFD').Replace('\uFFFF', '\uFFFD'));

    /// <summary>Estimates the width of a text. The exact width is not known: the viewer chooses the font.</summary>
    private static double TextWidth(string text) => 6.5 * text.Length;

    private static string Spell(double value, string unit) => value.ToString("G4", CultureInfo.InvariantCulture) + unit;

    private void DrawAxes(string name, RoundAxis axis, string unit)
    {
        Label("name", _left, _top - 30, "start", name);
        foreach (double tick in axis.Ticks)
        {
            double y = Bottom - (Height * axis.PlaceOf(tick));
            Add($"""<path class="{(y < Bottom ? "grid" : "axis")}" d="M{_left} {y:0.#}h{Width}"/>""");
            Label("", _left - 8, y + 4, "end", axis.Label(tick) + unit);
        }

        long first = _epochs.Length > 0 ? _epochs[0] : 1, last = _epochs.Length > 0 ? _epochs[^1] : 0;
        long step = (long)RoundAxis.RoundUp(double.Max(1, (last - first) / (double)MostEpochTicks));
        for (long epoch = (first + step - 1) / step * step; epoch <= last; epoch += step)
        {
            Label("", X(epoch), Bottom + 18, "middle", epoch.ToString(CultureInfo.InvariantCulture));
        }

        Label("", _left + (Width / 2), Bottom + 36, "middle", _epochs.Length > 0 ? "epoch" : "no epoch was completed");
    }

    private void DrawLegend(IReadOnlyList<Curve> curves)
    {
        double x = _left + Width;
        foreach (Curve curve in curves.Reverse())
        {
            x -= TextWidth(curve.Name);
            Label("", x, _top - 30, "start", curve.Name);
            Add($"""<circle class="{curve.Name}" cx="{x - 10:0.#}" cy="{_top - 34}" r="4"/>""");
            x -= 28;
        }
    }

    private void DrawBest(Curve curve, bool isBest, string unit)
    {
        if (Array.IndexOf(_epochs, _best) < 0)
        {
            return;
        }

        string values = string.Concat(
            curve.Points.Where(point => point.Epoch == _best).Select(point => (isBest ? ", " : ": ") + Spell(point.Value, unit)));
        string text = string.Create(CultureInfo.InvariantCulture, $"{(isBest ? "best: " : "")}epoch {_best}{values}");
        double half = TextWidth(text) / 2;
        Add($"""<path class="best" d="M{X(_best):0.#} {_top}V{Bottom}"/>""");
        Label("", double.Clamp(X(_best), _left + half, _left + Width - half), _top - 9, "middle", text);
    }

    private void DrawCurve(Curve curve, RoundAxis axis, string unit)
    {
        const int Cross = 8;
        StringBuilder line = new(), points = new();
        double radius = double.Clamp(120.0 / _epochs.Length, 1, 3);
        bool gap = true;
        foreach ((int epoch, double value) in curve.Points)
        {
            double x = X(epoch), y = Bottom - (Height * axis.PlaceOf(value)), size = epoch == _best ? radius + 2 : radius;
            string name = string.Create(CultureInfo.InvariantCulture, $"<title>{curve.Name}, epoch {epoch}: {Spell(value, unit)}</title>");
            if (Curve.IsDrawable(value))
            {
                line.Append(CultureInfo.InvariantCulture, $"{(gap ? 'M' : 'L')}{x:0.#} {y:0.#}");
                points.Append(
                    CultureInfo.InvariantCulture,
                    $"""<circle class="{curve.Name}" cx="{x:0.#}" cy="{y:0.#}" r="{size:0.#}">{name}</circle>{'\n'}""");
            }
            else
            {
                points.Append(
                    CultureInfo.InvariantCulture,
                    $"""<path class="{curve.Name}" d="M{x - (Cross / 2):0.#} {_top}l{Cross} {Cross}m-{Cross} 0l{Cross} -{Cross}">"""
                    + $"""{name}</path>{'\n'}""");
            }

            gap = !Curve.IsDrawable(value);
        }

        Add($"""<path class="{curve.Name}" d="{line}"/>""");
        _text.Append(points);
    }

    private double X(long epoch)
    {
        double first = _epochs[0], last = _epochs[^1];
        return _left + (first == last ? Width / 2.0 : Inset + ((epoch - first) / (last - first) * (Width - (2 * Inset))));
    }

    private void Label(string name, double x, double y, string anchor, string text)
    {
        string style = name.Length > 0 ? $" class=\"{name}\"" : "";
        Add($"""<text{style} x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{text}</text>""");
    }

    private void Add(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
