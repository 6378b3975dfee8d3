using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>The code of the page about networks at run time compiles and runs.</summary>
public sealed partial class BuilderPageTests
{
    private static readonly string[] Snippets =
    [
        .. Blocks().Matches(File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", "generator", "Emission", "BUILDER.md"))
                .ReplaceLineEndings("\n"))
            .Select(match => match.Groups[1].Value).Where(text => !text.StartsWith("#:", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Each_snippet_runs_and_its_networks_compute()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "resnet18.onnx"), LoadTests.Residual().ToBytes());
            Assert.Equal(5, Snippets.Length);
            Assembly assembly = ClassCompiler.Compile(
                [.. Snippets.Select((text, i) => Reader(i, text, folder))],
                references: [typeof(OnnxFile).Assembly, typeof(CompileOptions).Assembly]);
            for (int i = 0; i < Snippets.Length; i++)
            {
                assembly.GetType($"Reader{i}")!.GetMethod("Run")!.Invoke(null, null);
            }

            Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "shop", "networks")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A method with a snippet, and with what its reader has already. Behind it, the networks compute a sample.</summary>
    private static string Reader(int number, string snippet, string folder)
    {
        string Literal(string path) => $"@\"{path}\"";
        string body = Regex.Replace(snippet, "\"(resnet18[^\"]+)\"", match => Literal(Path.Combine(folder, match.Groups[1].Value)))
            .Replace(
                "Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)", Literal(folder), StringComparison.Ordinal);
        string computations = string.Concat(Networks().Matches(body).Select(
            match => $"{match.Groups[1]}.Forward(new float[{match.Groups[1]}.InputLength], new float[{match.Groups[1]}.OutputLength]);\n"));
        return $$"""
            using System; using System.Collections.Generic; using System.IO; using System.Linq; using Strata; using Strata.Onnx;
            internal static class Reader{{number}}
            {
                public static void Run()
                {
                    List<string> classes = ["daisy", "rose", "tulip"];
                    NetworkBuilder builder = new NetworkBuilder(4).Dense(3);
                    (int height, int width) = (100, 50);
                    float[] samples = [.. Enumerable.Range(0, 4 * 3 * 8 * 8).Select(i => i % 7 / 7f)];
                    {{body}}
                    {{computations}}
                }
            }
            """;
    }

    [GeneratedRegex(@"^ *```csharp\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"CompiledNetwork (\w+) =")]
    private static partial Regex Networks();
}
