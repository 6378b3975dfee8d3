using System;
using System.IO;
using System.Linq;
using System.Numerics.Tensors;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Strata.Imaging;
using Strata.Onnx.Tests;
using Strata.Pictures;
using Strata.Zoo;
using Xunit;

namespace Strata.Embeddings.Tests;

/// <summary>The code of the package's page compiles as it stands there, and runs.</summary>
public sealed partial class PackagePageTests : IDisposable
{
    /// <summary>A network of faces.</summary>
    private const string Given = """
        using Strata;

        [Network, Input(3, 112, 112), Conv2D(8, 8, Stride = 4), ReLU, GlobalAveragePool2D, Flatten, Dense(16)]
        public partial class Faces;
        """;

    private static readonly string Page = new StreamReader(
        typeof(PackagePageTests).Assembly.GetManifestResourceStream("PACKAGE.md")!).ReadToEnd().ReplaceLineEndings("\n");

    private readonly string _folder = Directory.CreateTempSubdirectory("embeddings").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_snippet_compiles_and_runs()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "photos"));
        string[] photos = [.. Enumerable.Range(0, 3).Select(i => Path.Combine("photos", $"{i}.jpg")), "query.jpg"];
        foreach ((int i, string name) in photos.Index())
        {
            // PNG files: formats are told apart by content.
            var picture = new Picture(60, 40);
            picture.Row(5 + i).Fill(new Rgb(200, (byte)(60 * i), 30));
            picture.Save(Path.Combine(_folder, name));
        }

        string[] snippets = [.. Snippets().Matches(Page).Select(match => match.Groups[1].Value)];
        Assert.Equal(4, snippets.Length);
        Assembly assembly = ClassCompiler.Compile(
            [Given, .. snippets.Select(Source)],
            references:
            [
                typeof(PictureEmbeddingGenerator).Assembly, typeof(ImageFile).Assembly, typeof(MobileNetV2Attribute).Assembly,
                typeof(TensorPrimitives).Assembly, typeof(Embedding).Assembly, typeof(IServiceCollection).Assembly,
            ]);
        for (int i = 1; i < snippets.Length; i++)
        {
            await (Task)assembly.GetType($"Reader{i}")!.GetMethod("RunAsync")!.Invoke(null, null)!;
        }
    }

    /// <summary>A declaration as it stands there, or a method with a snippet.</summary>
    private string Source(string snippet, int number)
    {
        if (snippet.Contains("partial class", StringComparison.Ordinal))
        {
            return snippet;
        }

        string body = Usings().Replace(snippet, "")
            .Replace("\"photos\"", $"@\"{Path.Combine(_folder, "photos")}\"", StringComparison.Ordinal)
            .Replace("\"query.jpg\"", $"@\"{Path.Combine(_folder, "query.jpg")}\"", StringComparison.Ordinal);
        return $$"""
            #pragma warning disable CS0219, CS1998 // some variables are for other snippets
            using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Numerics;
            using System.Numerics.Tensors; using System.Threading.Tasks; using Microsoft.Extensions.AI;
            using Microsoft.Extensions.DependencyInjection;
            using Strata; using Strata.Embeddings; using Strata.Imaging; using Strata.Pictures;
            internal static class Reader{{number}}
            {
                public static async Task RunAsync()
                {
                    using var net = new MobileFeatures(seed: 1);
                    using var faces = new Faces(seed: 1);
                    IServiceCollection services = new ServiceCollection();
                    var photo = new Picture(200, 150);
                    KeyPoint[] points = [.. FaceAlignment.Places.Select(place => new KeyPoint(place, 1))];
                    KeyPointDetection[] found = [new(default, 1, 0, points), new(default, 1, 0, points)];
                    {{body}}
                }
            }
            """;
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippets();

    [GeneratedRegex(@"^using [\w.]+;.*$", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
