using System;
using System.IO;
using Samples.Read;
using Strata.Pictures;
using Xunit;

namespace Strata.Samples.Tests;

/// <summary>
/// samples/Read reads the text that the same networks read in ONNX Runtime. The networks come from the registry that npm is set up with,
/// the fonts from Debian; without either, tests are skipped. tests/Soak -- read has more pages.
/// </summary>
public sealed class ReadTests(ITestOutputHelper log) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("read").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static OcrModels Models()
    {
        OcrModels? models = OcrModels.Find(out string reason);
        Assert.SkipWhen(models is null, reason);
        return models!;
    }

    /// <summary>The first page that is turned so.</summary>
    private static TextPage Page(float degrees)
    {
        for (int seed = 1; ; seed++)
        {
            TextPage? page = TextPage.Make(seed, out string reason);
            Assert.SkipWhen(page is null, reason);
            if (page!.Degrees == degrees)
            {
                return page;
            }
        }
    }

    [Fact]
    public void The_sample_reads_what_ONNX_Runtime_reads()
    {
        using var comparison = new Comparison(Models());
        foreach (float degrees in new float[] { 0, 8, 90, 180 })
        {
            Assert.Equal([], comparison.Read(Page(degrees)));
        }

        log.WriteLine($"{comparison.Texts} texts, {comparison.Accuracy:P2} of the characters");
        Assert.InRange(comparison.Texts, 16, int.MaxValue);
        Assert.InRange(comparison.Accuracy, 0.9, 1);
    }

    [Fact]
    public void The_samples_page_is_read_and_drawn()
    {
        Models();
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, Program.Run(Path.Combine(SampleFolder, "page.png"), output, _folder));
        string text = output.ToString();
        Assert.Contains("A kernel looks at the same few pixels everywhere.", text, StringComparison.Ordinal);
        Picture made = Picture.Load(Path.Combine(_folder, "read.png")), kept = Picture.Load(Path.Combine(SampleFolder, "read.png"));
        Assert.Equal((kept.Width, kept.Height), (made.Width, made.Height));
    }

    [Fact]
    public void A_picture_that_cannot_be_read_is_named()
    {
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(1, Program.Run(Path.Combine(_folder, "none.png"), output, _folder));
        Assert.Contains("none.png", output.ToString(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "none.png"), "no picture");
        Assert.Equal(1, Program.Run(Path.Combine(_folder, "none.png"), output, _folder));
        Assert.Empty(Directory.GetFiles(_folder, "read.png"));
    }

    private static string SampleFolder => Path.Combine(SmallSampleTests.SamplesFolder, "Read");
}
