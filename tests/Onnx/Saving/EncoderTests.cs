using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Onnx.Schema;
using Xunit;

namespace Strata.Onnx.Tests.Saving;

/// <summary>Encoders with learned tokens and positions: they come back with their keys. Attention with masks.</summary>
public sealed class EncoderTests
{
    private const string Networks =
        """
        [Network, Input(3, 64, 64), Strata.Zoo.ClipImageEncoder(64, Name = "visual"), Output("seen")] public partial class Clip;
        [Network, Input(3, 28, 28), Strata.Zoo.DinoV2Small(28)] public partial class Dino;

        [Network, Input(4, 6)]
        [Branch, Buffer(6, 2, BatchAxis = true, Name = "fixed.token"), Transpose(2, 1), Slice(0, 1)]
        [Branch, Param(1, 6, Deviation = 1, Name = "free"), ReLU]
        [Branch]
        [Concat(Axis = Axes.Channels)]
        public partial class Tokens;

        [Network, Input(4, 5)]
        [Buffer(5, 5, Name = "hidden"), ScaledDotProductAttention("input", "input", "input", "hidden", Causal = true)]
        [Branch, Branch, Branch, ScaledDotProductAttention(Causal = true, Heads = 2)]
        public partial class Masked;
        """;

    /// <summary>The blocks of the zoo with fewer features, heads and layers.</summary>
    private static readonly Lazy<Assembly> Compiled = new(() =>
    {
        string zoo = Path.Combine(SourceFolder.Path, "../../samples/Zoo/Networks");
        string Small(string file) => File.ReadAllText(Path.Combine(zoo, file)).Replace("768", "24", StringComparison.Ordinal)
            .Replace("512", "10", StringComparison.Ordinal).Replace("12", "2", StringComparison.Ordinal)
            .Replace("384", "12", StringComparison.Ordinal);
        string[] files = ["Clip.cs", "DinoV2.cs", "QuickGELU.cs"];
        return ClassCompiler.Compile(
            ["#pragma warning disable CS1591\nusing Strata;\n" + Networks, .. files.Select(file => "using Strata;\n" + Small(file))]);
    });

    [Theory]
    [InlineData("Clip", null)]
    [InlineData("Clip", 3)]
    [InlineData("Dino", null)]
    [InlineData("Dino", 1)]
    [InlineData("Tokens", null)]
    public void What_is_saved_comes_back_with_its_keys(string name, int? batch)
    {
        using CompiledNetwork network = SavedNetwork.Create(Compiled.Value.GetType(name)!);
        byte[] file = SavedNetwork.Save(network, new OnnxSaveOptions { BatchSize = batch });
        byte[] expected = batch > 1 ? SavedNetwork.Save(network) : file;
        ImportCheck.Report report = ImportCheck.Run(file, expected, new OnnxImportOptions());
        Assert.True(report.Agrees, $"{report}\n{report.Network.Source}");
        Assert.Equal(
            network.Info.Parameters.Select(one => Described(one.Key, one.Shape)).Order(StringComparer.Ordinal),
            report.Network.Parameters.Select(one => Described(one.Key, one.Shape)).Order(StringComparer.Ordinal));
        Assert.Equal(name == "Tokens", report.Network.Source.Contains("Buffer(", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_causal_attention_hides_is_not_read(float hidden)
    {
        using CompiledNetwork network = SavedNetwork.Create(Compiled.Value.GetType("Masked")!);
        Parameter mask = network.Parameters.Single();
        float[] values = new float[mask.Length];
        mask.CopyTo(values);
        mask.CopyFrom([.. values.Select((value, i) => i % 5 > i / 5 ? hidden : value)]);
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
        byte[] saved = SavedNetwork.Save(network);
        string source = ImportCheck.Imported(saved, new OnnxImportOptions()).Source;
        Assert.Equal(2, source.Split("ScaledDotProductAttention(").Length - 1);
        Assert.DoesNotContain("Where", source, StringComparison.Ordinal);
        GraphProto graph = ModelProto.Parser.ParseFrom(saved).Graph;
        Assert.Single(graph.Initializer, tensor => tensor.Name.StartsWith("seen", StringComparison.Ordinal));
        Assert.Equal(2, graph.Node.Count(node => node.OpType == "Where"));
    }

    private static string Described(string key, IReadOnlyList<int> shape) => $"{key} {shape.Aggregate(1, (a, b) => a * b)}";
}
