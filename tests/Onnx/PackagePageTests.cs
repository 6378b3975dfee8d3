using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>The code of the package's page compiles with the class of a small export, and does what the page says.</summary>
public sealed partial class PackagePageTests
{
    private static readonly string Page =
        File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", "runtime", "Onnx", "PACKAGE.md")).ReplaceLineEndings("\n");

    private static string[] Statements =>
        [.. Snippets().Matches(Page).Select(match => match.Groups[1].Value).Where(text => !text.Contains("public partial class"))];

    [Fact]
    public void Each_snippet_compiles_and_an_imported_network_predicts_and_learns()
    {
        // The page's mobilenet.onnx is a small export here, imported under the page's names.
        string export = Path.Combine(SourceFolder.Path, "Exports", "residual-17-folded.onnx");
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string[] classes = ["Mobilenet", "MobileNet", "Flowers"];
            ImportedNetwork[] networks = [.. classes.Select(name => OnnxFile.Import(export, new OnnxImportOptions
            {
                Name = name,
                Namespace = "Of" + name,
                Loss = name == "Mobilenet" ? "CrossEntropy" : null,
            }))];
            networks[0].Save(Path.Combine(folder, "Models"));
            File.Copy(export, Path.Combine(folder, "mobilenet.onnx"));
            networks[1].SaveWeights(Path.Combine(AppContext.BaseDirectory, "MobileNet.safetensors"));
            networks[2].SaveWeights(Path.Combine(folder, "flowers.safetensors"));
            string[] snippets = Statements;
            Assert.Equal(5, snippets.Length);
            Assembly assembly = ClassCompiler.Compile(
                [.. networks.Select(network => network.Source), .. snippets.Select((text, i) => Reader(i, text, folder))],
                references: [typeof(OnnxFile).Assembly, typeof(CompileOptions).Assembly]);
            for (int i = 0; i < snippets.Length; i++)
            {
                object? result = assembly.GetType($"Reader{i}")!.GetMethod("Run")!.Invoke(null, null);
                if (result is float[] { Length: > 0 } losses)
                {
                    Assert.True(losses[^1] < losses[0], $"The loss went from {losses[0]} to {losses[^1]}.");
                }
            }

            Assert.True(File.Exists(Path.Combine(folder, "flowers.onnx")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A method with a snippet. Behind the one about training, 50 steps with 32 samples return their losses.</summary>
    private static string Reader(int number, string snippet, string folder)
    {
        string[] usings = [.. Usings().Matches(snippet).Select(match => match.Value)];
        string body = Regex.Replace(usings.Aggregate(snippet, (text, line) => text.Replace(line, "", StringComparison.Ordinal)),
            "\"(Models/[^\"]+|flowers[^\"]+|mobilenet.onnx)\"", match => $"@\"{Path.Combine(folder, match.Groups[1].Value)}\"");
        string steps = !body.Contains("trainer", StringComparison.Ordinal) ? "return new float[0];" : """
            var random = new Random(1);
            float[] images = [.. Enumerable.Range(0, 32 * Mobilenet.InputLength).Select(_ => random.NextSingle())];
            int[] labels = [.. Enumerable.Range(0, 32).Select(i => i % 5)];
            return [.. Enumerable.Range(0, 50).Select(_ => (float)trainer.Step(images, labels))];
            """;
        return $$"""
            using System; using System.IO; using System.Linq; using Strata; using Strata.Training; {{string.Join(' ', usings)}}
            using OfMobilenet; using OfMobileNet; using OfFlowers;
            internal static class Reader{{number}}
            {
                public static float[] Run()
                {
                    float[] image = new float[3 * 16 * 16];
                    {{body}}
                    {{steps}}
                }
            }
            """;
    }

    [GeneratedRegex(@"^ *```csharp\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippets();

    [GeneratedRegex(@"^using [\w.]+;.*$", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
