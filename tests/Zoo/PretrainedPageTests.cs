using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Imaging;
using Strata.Numerics.Tests;
using Strata.Weights;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>What <c>samples/Zoo/PRETRAINED.md</c> says of published weights.</summary>
public sealed partial class PretrainedPageTests
{
    private static readonly string Page =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PRETRAINED.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_code_compiles()
    {
        string[] code = [.. Code().Matches(Page).Select(block => block.Groups[1].Value)];
        Assert.Equal(3, code.Length);
        string method = $$"""
            using System.Text.RegularExpressions;
            using Strata;
            using Strata.Imaging;
            using Strata.Weights;

            public static class Page
            {
                public static ImagePreprocessing Run(CompiledNetwork net)
                {
            {{code[1]}}
            {{code[2]}}
                    return toInput;
                }
            }
            """;
        Assembly[] referenced = [typeof(ResNet18Attribute).Assembly, typeof(ImagePreprocessing).Assembly, typeof(PyTorchWeights).Assembly];
        Assert.NotEmpty(SourceCompiler.Compile(
            [Parse(code[0], "Declarations.cs"), Parse(method, "Page.cs")],
            "PretrainedPage",
            DiagnosticSeverity.Warning,
            (diagnostics, thrown) =>
                $"The page does not compile.\n{thrown}\n{string.Join('\n', diagnostics.Take(5).Select(d => d.ToString()))}",
            references: [.. referenced.Select(assembly => MetadataReference.CreateFromFile(assembly.Location))]));
    }

    [Fact]
    public void Each_row_names_a_class_of_the_package_and_a_file_of_its_own()
    {
        (string Class, string File)[] rows = [.. Rows().Matches(Page).Select(row => (row.Groups[1].Value, row.Groups[2].Value))];
        Assert.True(rows.Length > 30, $"{rows.Length} rows");
        Assert.All(rows, row => Assert.NotNull(typeof(ResNet18Attribute).Assembly.GetType($"Strata.Zoo.{row.Class}Attribute")));
        Assert.Equal(rows.Length, rows.Select(row => row.File).Distinct().Count());
    }

    [Fact]
    public void The_old_keys_of_DenseNet_become_those_of_the_network()
    {
        Match rename = Rename().Match(Page);
        using CompiledNetwork network = ZooNetwork.Find("densenet121")!.Create(new NetworkOptions { Threads = 1 });
        string[] keys = [.. network.Parameters.Select(parameter => parameter.Key)];
        string[] old = [.. keys.Select(key => OfLayer().Replace(key, "$1.$2."))];
        Assert.Contains("features.denseblock1.denselayer1.norm.1.weight", old);
        Assert.Equal(keys, old.Select(key => Regex.Replace(key, rename.Groups[1].Value, rename.Groups[2].Value)));
    }

    private static SyntaxTree Parse(string text, string path) =>
        CSharpSyntaxTree.ParseText(text, SourceCompiler.Parsing, path, Encoding.UTF8);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| `(\w+)` \| `([\w.\-]+\.pth)` \| [\d.]+", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("""Regex\.Replace\(key, @"([^"]+)", "([^"]+)"\)""")]
    private static partial Regex Rename();

    [GeneratedRegex(@"(denselayer\d+\.(?:norm|conv))([12])\.")]
    private static partial Regex OfLayer();
}
