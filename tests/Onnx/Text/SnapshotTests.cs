using System;
using System.IO;
using System.Linq;
using Strata.Onnx.Layers;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>
/// Classes as they are written, by Verify's conventions: <c>Name.verified.cs</c> is right, <c>Name.received.cs</c> is what came out
/// instead. STRATA_ACCEPT=1 takes what comes out as right.
/// </summary>
public sealed class SnapshotTests
{
    [Fact]
    public void ResNet50_is_at_most_40_lines()
    {
        string text = Match("ResNet50", Models.ResNet50());
        Assert.InRange(
            text.Split('\n').Count(line => line.Trim() is { Length: > 0 } code && !code.StartsWith("//", StringComparison.Ordinal)), 1, 40);
    }

    [Fact]
    public void MobileNetV2_is_a_sequence_of_inverted_residuals() => Match("MobileNetV2", Models.MobileNetV2());

    [Fact]
    public void GoogLeNet_is_made_of_inceptions() => Match("GoogLeNet", Models.GoogLeNet());

    [Fact]
    public void UNet_names_what_goes_to_the_other_side() => Match("UNet", Models.UNet());

    [Fact]
    public void DenseNet_is_made_of_dense_layers() => Match("DenseNet121", Models.DenseNet());

    [Fact]
    public void MobileNetV3_has_branches_inside_of_branches() => Match("MobileNetV3", MoreModels.MobileNetV3());

    [Fact]
    public void A_detector_names_what_its_heads_read() => Match("Detector", MoreModels.Detector());

    [Fact]
    public void ResNet18_without_names_is_the_same_but_for_its_keys() => Match(
        "ResNet18Folded", Models.ResNet18(new GraphMaker { HasKeys = false, HasPaths = false }));

    [Fact]
    public void MobileNetV2_without_names_has_the_same_blocks() => Match(
        "MobileNetV2Folded", Models.MobileNetV2(new GraphMaker { HasKeys = false, HasPaths = false }));

    private static string Match(string name, LayerGraph graph)
    {
        string folder = Path.Combine(SourceFolder.Path, "Snapshots"), verified = Path.Combine(folder, name + ".verified.cs");
        string received = Path.Combine(folder, name + ".received.cs"), actual = ClassGraph.Check(graph, name, "App.Models");
        File.Delete(received);
        if (Environment.GetEnvironmentVariable("STRATA_ACCEPT") is { Length: > 0 } and not "0")
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(verified, actual);
            return actual;
        }

        string expected = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (actual != expected)
        {
            File.WriteAllText(received, actual);
            Assert.Fail($"{name} differs; run with STRATA_ACCEPT=1 to accept.\n{actual}");
        }

        return actual;
    }
}
