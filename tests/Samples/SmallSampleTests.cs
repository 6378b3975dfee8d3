using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Strata.Pictures;
using Xunit;

namespace Strata.Samples.Tests;

/// <summary>The small samples do what samples/README.md says: they learn what they teach, and draw it.</summary>
public sealed class SmallSampleTests : IDisposable
{
    internal static readonly string SamplesFolder = Path.Combine(
        typeof(SmallSampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "TestsDirectory").Value!, "..", "samples");

    private readonly string _folder = Directory.CreateTempSubdirectory("sample").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Hello_parts_two_spirals()
    {
        string output = Run(global::Samples.Hello.Program.Run, "Hello");
        Assert.InRange(Number(output, @"([\d.]+) % of the points are right"), 99, 100);
    }

    [Fact]
    public void Filters_draws_what_each_filter_does()
    {
        string output = Run(global::Samples.Filters.Program.Run, "Filters");
        Assert.Equal(7, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.InRange(Number(output, @"Gaussian blur, nine times +from +([-\d.]+)"), 0, 1);      // a mean of what is from 0 to 1
        Assert.InRange(Number(output, @"Sobel x.*from +([-\d.]+)"), -4, -1);
    }

    [Fact]
    public void Detect_finds_shapes_that_it_has_not_seen()
    {
        string output = Run(global::Samples.Detect.Program.Run, "Detect");
        Assert.InRange(Number(output, @"mAP at IoU 0\.5: ([\d.]+)"), 0.7, 1);
    }

    [Fact]
    public void Segment_finds_the_pixels_of_each_kind()
    {
        string output = Run(global::Samples.Segment.Program.Run, "Segment");
        Assert.InRange(Number(output, @"mean IoU: ([\d.]+)"), 0.8, 1);
        Assert.All(["circle", "square", "triangle"], kind => Assert.InRange(Number(output, $@"IoU of {kind}s: ([\d.]+)"), 0.7, 1));
    }

    [Fact]
    public void Transfer_needs_fewer_examples_than_training_from_scratch()
    {
        string output = Run(global::Samples.Transfer.Program.Run, "Transfer");
        Assert.InRange(Number(output, @"0 to 4, .*: ([\d.]+) %"), 97, 100);
        foreach (int count in new[] { 2, 5, 10 })
        {
            string pattern = $@"5 to 9, {count} of each: from scratch ([\d.]+) %, new head (?:[\d.]+) %, fine-tuned ([\d.]+) %";
            Assert.True(Number(output, pattern, group: 2) > Number(output, pattern) + 2, output);
        }
    }

    [Fact]
    public void Signal_tells_waves_apart()
    {
        string output = Run(global::Samples.Signal.Program.Run, "Signal");
        Assert.InRange(Number(output, @"accuracy: ([\d.]+) %"), 95, 100);
    }

    [Fact]
    public void Denoise_takes_noise_away()
    {
        string output = Run(global::Samples.Denoise.Program.Run, "Denoise");
        Assert.True(Number(output, @"after: ([\d.]+) dB") > Number(output, @"before: ([\d.]+) dB") + 5, output);
    }

    [Fact]
    public void FSharp_finds_the_smallest_network_that_is_good_enough()
    {
        using var output = new StringWriter { NewLine = "\n" };
        global::Samples.FSharp.Program.run(output);
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.InRange(Number(lines[3], @"8 filters, +1820 parameters: ([\d.]+) %"), 97, 100);
        Assert.Matches("^[124] filters are enough$", lines[4]);
    }

    /// <summary>Runs a sample as its Main does. Its picture is as large as the one that is checked in, and it is not empty.</summary>
    private string Run(Action<TextWriter, string> run, string sample)
    {
        using var output = new StringWriter { NewLine = "\n" };
        run(output, _folder);
        string file = Assert.Single(Directory.GetFiles(_folder));
        if (sample == "Transfer")
        {
            // A chart: three curves through four numbers of examples.
            XElement now = XElement.Load(file), before = XElement.Load(Path.Combine(SamplesFolder, sample, "transfer.svg"));
            Assert.All([now, before], svg => Assert.Equal((3, 12), (Count(svg, "polyline"), Count(svg, "circle"))));
            return output.ToString();
        }

        Assert.Equal($"{sample.ToLowerInvariant()}.png", Path.GetFileName(file));
        Picture made = Picture.Load(file), kept = Picture.Load(Path.Combine(SamplesFolder, sample, Path.GetFileName(file)));
        Assert.Equal((kept.Width, kept.Height), (made.Width, made.Height));
        Assert.InRange(Enumerable.Range(0, made.Height).SelectMany(y => made.Row(y).ToArray()).Distinct().Count(), 5, int.MaxValue);
        return output.ToString().ReplaceLineEndings("\n");
    }

    private static int Count(XElement svg, string name) => svg.Elements().Count(element => element.Name.LocalName == name);

    private static double Number(string output, string pattern, int group = 1)
    {
        Match match = Regex.Match(output, pattern);
        Assert.True(match.Success, output);
        return double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }
}
