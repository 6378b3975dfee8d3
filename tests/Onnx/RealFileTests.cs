using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>
/// Files that others have published. Each is imported, compiled and compared with ONNX Runtime. They come from the registries that npm and
/// NuGet are set up with; where those cannot be reached, the tests are skipped.
/// </summary>
public sealed class RealFileTests(ITestOutputHelper log)
{
    public static TheoryData<string> Names => [.. RealFile.All.Concat(RealFile.Voices).Select(file => file.Name)];

    private static string PathOf(RealFile file)
    {
        string? path = file.Find(out string reason);
        Assert.SkipWhen(path is null, reason);
        return path!;
    }

    [Fact]
    public void A_detector_of_voices_needs_its_rate_of_samples()
    {
        RealFile file = RealFile.Voices[0];
        var exception = Assert.Throws<UnsupportedOnnxException>(
            () => OnnxFile.Import(PathOf(file), file.Options with { Constants = new Dictionary<string, double>() }));
        UnsupportedNode node = Assert.Single(exception.Nodes);
        Assert.Equal(
            "its condition depends on the input 'sr'; if it is always the same number, give it with --constant sr=…", node.Reason);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_published_file_agrees_with_ONNX_Runtime(string name)
    {
        RealFile file = RealFile.All.Concat(RealFile.Voices).Single(one => one.Name == name);
        ImportCheck.Report report = ImportCheck.Run(PathOf(file), file.Options with { Until = file.ComparedAt }, file.Picture);
        log.WriteLine($"{report}\n{report.Network.Source}");
        Assert.True(report.Agrees, report.ToString());
    }
}
