using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Numerics.Tests;
using Strata.Training;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>What <c>samples/Zoo/TRANSFER.md</c> shows, compiled as it stands there, and run.</summary>
public sealed partial class TransferPageTests : IDisposable
{
    private const int Samples = 64, Kinds = 5, Pixels = 32 * 32, Length = 3 * Pixels;

    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TRANSFER.md")).ReplaceLineEndings("\n");

    private static readonly Lazy<Assembly> Compiled = new(Compile);

    private readonly CompiledNetwork _trained = ZooNetwork.Find("resnet20")!.Create(new NetworkOptions { Seed = 7 });

    private readonly int[] _kinds = [.. Enumerable.Range(0, Samples).Select(i => i % Kinds)];

    private readonly float[] _images;

    private readonly string _checkpoint = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public TransferPageTests()
    {
        // Five tints with noise; ten steps, so that the checkpoint has seen images: of a new body, batch norm's statistics let hardly anything through.
        var random = new Random(3);
        _images = [.. Enumerable.Range(0, Samples * Length).Select(i => random.NextSingle() - 0.5f + ((_kinds[i / Length] >> (i / Pixels % 3)) & 1))];
        using var trainer = (ClassificationTrainer)Trainer.For(_trained, Samples, new Sgd(0.1));
        trainer.Fit(_images, _kinds, new FitOptions { Epochs = 10 }, cancellationToken: TestContext.Current.CancellationToken);
        _trained.Save(_checkpoint);
    }

    public void Dispose()
    {
        _trained.Dispose();
        File.Delete(_checkpoint);
    }

    [Fact]
    public void The_body_is_loaded_stays_while_the_head_learns_and_is_tuned_with_it()
    {
        Outcome outcome = Run();

        Assert.Equal(["fc.weight", "fc.bias"], outcome.Report.Mismatched);
        Assert.Contains($"```\n{outcome.Report.ToString().Split('\n')[0]}\n```", Page, StringComparison.Ordinal);
        Assert.Equal(Kinds, outcome.Loaded["fc.bias"].Length);
        Assert.All(Body(), key => Assert.Equal(Values(_trained)[key], outcome.Loaded[key]));

        Assert.All(Body(), key => Assert.Equal(outcome.Loaded[key], outcome.HeadTrained[key]));
        Assert.NotEqual(outcome.Loaded["fc.weight"], outcome.HeadTrained["fc.weight"]);
        Assert.True(outcome.First.Epochs[^1].Loss < outcome.First.Epochs[0].Loss, outcome.First.ToString());

        Assert.All(Body(), key => Assert.NotEqual(outcome.HeadTrained[key], outcome.Tuned[key]));
        Assert.NotEqual(outcome.HeadTrained["fc.weight"], outcome.Tuned["fc.weight"]);
        Assert.True(outcome.Second.Epochs[^1].Loss < outcome.First.Epochs[^1].Loss, $"{outcome.First}\n{outcome.Second}");
    }

    [Fact]
    public void The_layers_until_the_head_take_the_same_checkpoint()
    {
        Type type = Compiled.Value.GetType("TunedFlowers", throwOnError: true)!;
        using var tuned = (CompiledNetwork)Activator.CreateInstance(type, new NetworkOptions())!;
        WeightsLoadReport report = tuned.Load(_checkpoint, new WeightsLoadOptions { Strict = false, SkipMismatched = true });

        Assert.Equal(["fc.weight", "fc.bias"], report.Mismatched);
        Assert.Empty(report.Missing.Concat(report.Unexpected));
        Assert.All(Body(), key => Assert.Equal(Values(_trained)[key], Values(tuned)[key]));
    }

    /// <summary>What the page's variables hold, in its order.</summary>
    private sealed record Outcome(
        WeightsLoadReport Report,
        Dictionary<string, float[]> Loaded,
        FitResult First,
        Dictionary<string, float[]> HeadTrained,
        FitResult Second,
        Dictionary<string, float[]> Tuned);

    private Outcome Run()
    {
        object[] seen = (object[])Compiled.Value.GetType("Page", throwOnError: true)!.GetMethod("Run")!
            .Invoke(null, [_checkpoint, _images, _kinds, (Func<CompiledNetwork, Dictionary<string, float[]>>)Values])!;
        return (Outcome)Activator.CreateInstance(typeof(Outcome), seen)!;
    }

    /// <summary>An assembly of the page's declarations and statements, in its order. It references Strata.Zoo.</summary>
    private static Assembly Compile()
    {
        string[] code = [.. Code().Matches(Page).Select(block => block.Groups[1].Value)];
        string[] declarations = [.. code.Where(IsDeclaration)], statements = [.. code.Except(declarations)];
        Assert.Equal((2, 3), (declarations.Length, statements.Length));
        string method = $$"""
            using System;
            using System.Collections.Generic;
            using Strata;
            using Strata.Training;

            public static class Page
            {
                public static object[] Run(string checkpoint, float[] images, int[] kinds, Func<CompiledNetwork, Dictionary<string, float[]>> values)
                {
            {{statements[0]}}
                    var loaded = values(flowers);
            {{statements[1]}}
                    var headTrained = values(flowers);
            {{statements[2]}}
                    return [report, loaded, first, headTrained, second, values(tuned)];
                }
            }
            """;
        byte[] image = SourceCompiler.Compile(
            [Parse(string.Join('\n', declarations), "Declarations.cs"), Parse(method, "Page.cs")],
            "TransferPage",
            DiagnosticSeverity.Warning,
            (diagnostics, thrown) => $"The page does not compile cleanly.\n{thrown}\n{string.Join('\n', diagnostics.Take(5).Select(d => d.ToString()))}",
            references: MetadataReference.CreateFromFile(typeof(ResNet20Attribute).Assembly.Location));
        return new AssemblyLoadContext("TransferPage", isCollectible: true).LoadFromStream(new MemoryStream(image));
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, SourceCompiler.Parsing, path, Encoding.UTF8);

    private static bool IsDeclaration(string code) => code.Contains("partial class", StringComparison.Ordinal);

    private IEnumerable<string> Body() => _trained.Parameters.Select(parameter => parameter.Key).Where(key => !key.StartsWith("fc.", StringComparison.Ordinal));

    private static Dictionary<string, float[]> Values(CompiledNetwork network) => network.Parameters.ToDictionary(parameter => parameter.Key, parameter =>
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    });

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();
}
