using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class LearningCurvesTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly FitProgress[] Five =
    [
        Epoch(1, 2.31, 2.2, 0.125), Epoch(2, 1.4, 1.45, 0.5), Epoch(3, 0.8, 1.1, 0.61), Epoch(4, 0.45, 1.2, 0.64),
        Epoch(5, 0.21, 1.31, 0.63),
    ];

    public static TheoryData<double> Magnitudes => [1e-320, 1e-300, 3e-13, 1e-7, 0.02, 1, 123_456, 7e8, 1e30, 9e299];

    [Fact]
    public void Each_epoch_has_a_point_where_the_axes_say()
    {
        XElement picture = Parse(LearningCurves.ToSvg(Five));
        AssertPoints(picture, "Loss", "training", Five.Select(e => e.Loss));
        AssertPoints(picture, "Loss", "validation", Five.Select(e => e.ValidationLoss!.Value));
        AssertPoints(picture, "Accuracy", "validation", Five.Select(e => 100 * e.ValidationAccuracy!.Value));
        Assert.Equal(3, picture.Elements(Svg + "path").Count(p => p.Attribute("d")!.Value.Count(c => c == 'L') == 4));
    }

    [Fact]
    public void What_was_not_validated_is_not_drawn()
    {
        FitProgress[] epochs = [.. Five.Select(e => e with { ValidationLoss = null, ValidationAccuracy = null })];
        XElement picture = Parse(LearningCurves.ToSvg(epochs));
        AssertPoints(picture, "Loss", "training", Five.Select(e => e.Loss));
        Assert.DoesNotContain(Texts(picture), text => text is "Accuracy" or "validation");
        Assert.True(Number(picture, "width") < Number(Parse(LearningCurves.ToSvg(Five)), "width"));
    }

    [Fact]
    public void The_best_epoch_is_marked_where_it_is_known()
    {
        XElement marked = Parse(new FitResult(Five, Cancelled: false, BestEpoch: 3).ToSvg()), plain = Parse(LearningCurves.ToSvg(Five));
        Assert.Contains("best: epoch 3, 1.1", Texts(marked));

        // By accuracy, epoch 4 is better.
        Assert.Contains("epoch 3: 61 %", Texts(marked));
        Assert.Equal([3, 3, 3], Points(marked).Where(p => Number(p, "r") > 4).Select(p => EpochOf(p)));
        Assert.DoesNotContain(Texts(plain), text => text.StartsWith("best", StringComparison.Ordinal));
        Assert.Single(Points(plain).Select(p => Number(p, "r")).Distinct());
    }

    [Theory]
    [InlineData(FitMetric.Loss, 5, "best: epoch 5, 0.21", "epoch 5: 63 %")]
    [InlineData(FitMetric.ValidationLoss, 3, "best: epoch 3, 1.1", "epoch 3: 61 %")]
    [InlineData(FitMetric.ValidationAccuracy, 4, "epoch 4: 1.2", "best: epoch 4, 64 %")]
    public void Only_the_metric_that_was_monitored_calls_its_epoch_the_best(FitMetric metric, int best, string loss, string accuracy)
    {
        XElement picture = Parse(new FitResult(Five, Cancelled: false, BestEpoch: best) { Monitor = metric }.ToSvg());
        Assert.Equal([loss, accuracy], Texts(picture).Where(text => text.Contains($"epoch {best}", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Magnitudes))]
    public void Axes_have_few_round_ticks_around_the_values(double magnitude)
    {
        foreach (double[] values in (double[][])[[1], [0], [-1], [0.3, 1], [-1, 1], [0.9999, 1], [0.98, 1, 0.99], [-0.03, -0.9]])
        {
            FitProgress[] epochs = [.. values.Select((v, i) => Epoch(i + 1, v * magnitude, null, null))];
            XElement picture = Parse(LearningCurves.ToSvg(epochs));
            (double Value, double Y)[] ticks = Ticks(picture, "Loss");
            Assert.InRange(ticks.Length, 3, 12);
            Assert.Equal(ticks.Length, ticks.Select(t => t.Value).Distinct().Count());
            Assert.All(Points(picture), p => Assert.InRange(Number(p, "cy"), ticks[^1].Y, ticks[0].Y));
            double[] steps =
                [.. ticks.Zip(ticks.Skip(1), (a, b) => double.Round((b.Value - a.Value) / ticks.Max(t => double.Abs(t.Value)), 9))
                    .Distinct()];
            Assert.InRange(steps.Max() - steps.Min(), 0, 2e-9);
            AssertPoints(picture, "Loss", "training", epochs.Select(e => e.Loss));
        }
    }

    [Fact]
    public void An_accuracy_of_all_or_none_stays_on_its_axis()
    {
        (double Value, double Y)[] all = Ticks(Parse(LearningCurves.ToSvg([Epoch(1, 1, 1, 1)])), "Accuracy");
        (double Value, double Y)[] none = Ticks(Parse(LearningCurves.ToSvg([Epoch(1, 1, 1, 0)])), "Accuracy");
        Assert.Equal((100, 0), (all[^1].Value, none[0].Value));
    }

    [Fact]
    public void Losses_that_are_not_finite_are_crosses_and_gaps()
    {
        FitProgress[] epochs =
        [
            Epoch(1, 2, 2.5, 0.1), Epoch(2, 1, double.NaN, 0.2), Epoch(3, double.NaN, 1.5, 0.3), Epoch(4, 0.5, 1, null),
            Epoch(5, double.PositiveInfinity, 1, 0.4),
            Epoch(6, -1e301, double.NegativeInfinity, double.NaN),
        ];
        XElement picture = Parse(new FitResult(epochs, Cancelled: false, BestEpoch: 2).ToSvg());
        Assert.Equal([1, 2, 4, 1, 3, 4, 5, 1, 2, 3, 5], Points(picture).Select(EpochOf));
        Assert.Equal([3, 5, 6, 2, 6, 6], picture.Elements(Svg + "path").Where(p => p.HasElements).Select(EpochOf));
        Assert.Contains("best: epoch 2, NaN", Texts(picture));
        XElement line = Assert.Single(picture.Elements(Svg + "path"), p => p.Attribute("class")!.Value == "training" && !p.HasElements);
        Assert.Equal("MLM", string.Concat(line.Attribute("d")!.Value.Where(char.IsLetter)));

        // Nothing at all to draw.
        Assert.Empty(Points(Parse(LearningCurves.ToSvg([Epoch(1, double.NaN, double.NaN, double.NaN)]))));
        Assert.Contains("no epoch was completed", Texts(Parse(new FitResult([], Cancelled: true).ToSvg())));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300)]
    [InlineData(990, 20)]
    [InlineData(2_147_483_000, 600)]
    public void Epochs_are_numbered_in_round_steps(int first, int count)
    {
        XElement picture = Parse(LearningCurves.ToSvg([.. Enumerable.Range(first, count).Select(e => Epoch(e, 1.0 / e, null, null))]));
        Assert.Equal(Enumerable.Range(first, count), Points(picture).Select(EpochOf));
        (int Epoch, double X)[] labels = [.. Labels(picture, "middle").Where(l => l.Text.All(char.IsDigit))
            .Select(l => (int.Parse(l.Text, CultureInfo.InvariantCulture), l.X))];
        Assert.InRange(labels.Length, 1, 9);
        Assert.All(labels, l => Assert.Equal(Number(Points(picture).ElementAt(l.Epoch - first), "cx"), l.X));
    }

    [Fact]
    public void A_title_is_text_whatever_it_holds()
    {
        (string, string)[] titles =
        [
            ("A & B < C > \"D\" 'E'", "A & B < C > \"D\" 'E'"),
            ("</text><script>alert(1)</script>", "</text><script>alert(1)</script>"),
            ("a\u0001\n\uFFFE\uD800b", "a\\u0001\\n\uFFFD\uFFFDb"),
            (new string('x', 100), new string('x', 80) + "… (100 characters)"),
        ];
        foreach ((string title, string shown) in titles)
        {
            XElement picture = Parse(LearningCurves.ToSvg(Five, title));
            Assert.Equal(shown, Assert.Single(picture.Elements(Svg + "text"), t => t.Attribute("class")?.Value == "title").Value);
            Assert.Equal(shown, picture.Attribute("aria-label")!.Value);
        }
    }

    [Fact]
    public void The_picture_is_the_same_everywhere_and_refers_to_nothing()
    {
        FitProgress[] epochs = [.. Five, Epoch(60, -1e-7, -12.5, 0.001)];
        string expected = new FitResult(epochs, Cancelled: false, BestEpoch: 2).ToSvg("t");
        CultureInfo before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        other.NumberFormat.NumberGroupSeparator = ".";
        other.NumberFormat.NegativeSign = "−";
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal("−1,5", $"{-1.5}");
            Assert.Equal(expected, new FitResult(epochs, Cancelled: false, BestEpoch: 2).ToSvg("t"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.DoesNotContain('\r', expected);
        Assert.Equal(["circle", "path", "rect", "style", "text", "title"],
            Parse(expected).Descendants().Select(e => e.Name.LocalName).Distinct().Order());
        Assert.DoesNotContain(Parse(expected).Descendants().Attributes(),
            a => a.Name.LocalName is "href" or "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("url(", expected);
    }

    [Fact]
    public void A_file_is_what_was_drawn()
    {
        string path = Path.GetTempFileName();
        try
        {
            LearningCurves.Save(path, Five, "größer");
            Assert.Equal(LearningCurves.ToSvg(Five, "größer"), File.ReadAllText(path));
            var result = new FitResult(Five, Cancelled: false, BestEpoch: 4);
            result.SaveSvg(path);
            Assert.Equal(result.ToSvg(), File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Epochs_in_disorder_are_refused()
    {
        Assert.Throws<ArgumentNullException>("epochs", () => LearningCurves.ToSvg(null!));
        Assert.Equal(
            "Epoch 2 stands behind epoch 2; each must be there once, in order. (Parameter 'epochs')",
            Assert.Throws<ArgumentException>("epochs", () => LearningCurves.ToSvg([Five[0], Five[1], Five[1]])).Message);
    }

    private static FitProgress Epoch(int number, double loss, double? validationLoss, double? accuracy) =>
        new(number, 99, 8, 8, loss, 0.1, 1000, validationLoss, accuracy, EpochCompleted: true);

    /// <summary>The picture; all that it draws is within it.</summary>
    private static XElement Parse(string svg)
    {
        XElement picture = XDocument.Parse(svg).Root!;
        Assert.Equal(Svg + "svg", picture.Name);
        double[] box = [.. picture.Attribute("viewBox")!.Value.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        Assert.Equal([0, 0, Number(picture, "width"), Number(picture, "height")], box);
        foreach (XElement element in picture.Elements())
        {
            foreach ((string name, double most) in ((string, double)[])[("x", box[2]), ("cx", box[2]), ("y", box[3]), ("cy", box[3])])
            {
                if (element.Attribute(name) is not null)
                {
                    Assert.InRange(Number(element, name), 0, most);
                }
            }
        }

        return picture;
    }

    private static void AssertPoints(XElement picture, string panel, string curve, IEnumerable<double> values)
    {
        (double Value, double Y)[] ticks = Ticks(picture, panel);
        double left = NameOf(picture, panel).X;
        XElement[] points = [.. Points(picture)
            .Where(p => Number(p, "cx") >= left && Number(p, "cx") <= left + 400 && p.Attribute("class")!.Value == curve)];
        Assert.Equal(Enumerable.Range(1, points.Length), points.Select(EpochOf));
        double height = ticks[^1].Y - ticks[0].Y, range = ticks[^1].Value - ticks[0].Value;
        Assert.Equal(values.Count(), points.Length);
        Assert.All(points.Zip(values),
            pair => Assert.Equal(ticks[0].Y + (height * ((pair.Second - ticks[0].Value) / range)), Number(pair.First, "cy"), 0.2));
        Assert.True(points.Zip(points.Skip(1), (a, b) => Number(b, "cx") - Number(a, "cx")).All(distance => distance > 20));
    }

    /// <summary>The vertical axis of a panel, from below.</summary>
    private static (double Value, double Y)[] Ticks(XElement picture, string panel)
    {
        double left = NameOf(picture, panel).X;
        return [.. Labels(picture, "end").Where(l => l.X < left && l.X > left - 20)
            .Select(l => (double.Parse(l.Text.Replace(" %", ""), CultureInfo.InvariantCulture), l.Y - 4))];
    }

    private static (string Text, double X, double Y) NameOf(XElement picture, string panel) =>
        Labels(picture, "start").Single(l => l.Text == panel);

    private static IEnumerable<(string Text, double X, double Y)> Labels(XElement picture, string anchor) =>
        picture.Elements(Svg + "text").Where(t => t.Attribute("text-anchor")!.Value == anchor)
            .Select(t => (t.Value, Number(t, "x"), Number(t, "y")));

    private static IEnumerable<string> Texts(XElement picture) => picture.Elements(Svg + "text").Select(t => t.Value);

    private static IEnumerable<XElement> Points(XElement picture) => picture.Elements(Svg + "circle").Where(c => c.HasElements);

    private static int EpochOf(XElement point) => int.Parse(point.Value.Split("epoch ")[1].Split(':')[0], CultureInfo.InvariantCulture);

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
