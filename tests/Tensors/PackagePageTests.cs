using System;
using System.IO;
using System.Linq;
using System.Numerics.Tensors;
using System.Reflection;
using System.Text.RegularExpressions;
using Strata.Onnx.Tests;
using Xunit;

namespace Strata.Tensors.Tests;

/// <summary>The code of the package's page compiles as it stands there, and runs.</summary>
public sealed partial class PackagePageTests
{
    /// <summary>What a reader has: networks.</summary>
    private const string Given = """
        using Strata;

        [Network, Input(1, 28, 28), Conv2D(6, 5), ReLU, GlobalAveragePool2D, Flatten, Dense(10), Softmax]
        public partial class LeNet5;

        [Network, Input(3, 28, 28), Conv2D(6, 5), ReLU, GlobalAveragePool2D, Flatten, Dense(10), Softmax]
        public partial class Colors;
        """;

    private static readonly string Page = new StreamReader(
        typeof(PackagePageTests).Assembly.GetManifestResourceStream("PACKAGE.md")!).ReadToEnd().ReplaceLineEndings("\n");

    [Fact]
    public void Each_snippet_compiles_and_runs()
    {
        string[] snippets = [.. Snippets().Matches(Page).Select(match => match.Groups[1].Value)];
        Assert.Equal(3, snippets.Length);
        Assembly assembly = ClassCompiler.Compile(
            [Given, .. snippets.Select(Reader)],
            references: [typeof(TensorInference).Assembly, typeof(Tensor).Assembly]);
        for (int i = 0; i < snippets.Length; i++)
        {
            assembly.GetType($"Reader{i}")!.GetMethod("Run")!.Invoke(null, null);
        }
    }

    /// <summary>The refusal on the page is the one that comes.</summary>
    [Fact]
    public void The_page_shows_the_error_as_it_is()
    {
        var e = Assert.Throws<ArgumentException>(
            () => TensorShape.CountSamples("LeNet5", "input", null, [1, 28, 28], [16, 784], "input"));
        Assert.Contains($"```\n{e.Message.Replace(" (Parameter 'input')", "", StringComparison.Ordinal)}\n```", Page);
    }

    private static string Reader(string snippet, int number) => $$"""
        using System; using Strata;
        using System.Numerics.Tensors;
        using Strata.Tensors;
        internal static class Reader{{number}}
        {
            public static void Run()
            {
                using var net = new LeNet5(seed: 1);
                using var colors = new Colors(seed: 1);
                var output = new TensorSpan<float>(new float[10], [10]);
                net.Forward(new float[784], new float[10]);             // arrays still go to the methods of Strata
                net.Classify(new float[784]);
                net.Classify(new float[2 * 784], new ClassPrediction[2]);
                {{Usings().Replace(snippet, "")}}
            }
        }
        """;

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippets();

    [GeneratedRegex(@"^using [\w.]+;.*$", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
