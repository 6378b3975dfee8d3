using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The members that a class gets if it has several inputs or outputs.</summary>
public sealed class NamedTensorTests
{
    private const string Calls = """

        static class Program
        {
            static void Run(Net net, float[] image, float[] meta, float[] boxes, float[] fixed_)
            {
                net.Forward(image: image, meta: meta, boxes: boxes, @fixed: fixed_);
                net.Forward(new float[Net.InputLength], new float[5]);
                _ = Net.ImageLength + Net.MetaShape.Length + Net.FixedShape[0];
            }

        """;

    private const string Usage = Calls + "static int Lengths() => Net.OutputLength + Net.BoxesLength; }";

    [Theory]
    [InlineData("Dense(8)", Usage)]
    [InlineData("Dense(7)", Calls + "}")]
    public void Forward_takes_every_tensor_by_name(string layer, string usage)
    {
        var harness = new Harness();
        harness.Generate(
            harness.Compile($$"""
                using Strata;
                [Network, Input(1, 4, 4, Name = "image"), Conv2D(2, 3), Flatten]
                [Input(3, Name = "meta"), {{layer}}, Add("flatten1", "dense1"), Output("boxes"), Dense(2), Output("fixed")]
                partial class Net;
                {{usage}}
                """),
            out Compilation output);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void One_input_is_not_copied()
    {
        string text = new Harness()
            .Generate("using Strata;\n[Network, Input(4), Dense(3), Output(\"inputs\"), Dense(2), Output(\"b\")]\npartial class Net;")
            .GeneratedTrees.Single(tree => tree.FilePath.EndsWith("Net.g.cs", StringComparison.Ordinal)).ToString();
        Assert.Contains("base.Forward(inputs, global::System.MemoryExtensions.AsSpan(allOutputs, 0, unchecked(samples * 5)));", text,
            StringComparison.Ordinal);
        Assert.Contains("Scatter(allOutputs, 3, 5, b, 2);", text, StringComparison.Ordinal);
        Assert.Contains("global::System.Span<float> inputs_", text, StringComparison.Ordinal);
    }
}
