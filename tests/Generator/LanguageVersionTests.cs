using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Generated files compile in every promised version of C#. Their names are valid in all file systems.</summary>
public sealed class LanguageVersionTests
{
    private const string Half =
        "using Strata; [Network(WeightStorage = WeightStorage.BFloat16), Input(1, 6, 6), Conv2D(4, 3), ReLU, Flatten, Dense(20), Dense(3), "
        + "CrossEntropy] public partial class Half;";

    [Theory]
    [InlineData(LanguageVersion.CSharp12)]
    [InlineData(LanguageVersion.CSharp13)]
    [InlineData(LanguageVersion.Latest)]
    [InlineData(LanguageVersion.Preview)]
    public void Networks_compile_from_the_least_version_on(LanguageVersion version)
    {
        var harness = new Harness { Language = version };
        harness.Generate(harness.Compile(Harness.LeNet5, Harness.Branched, Harness.Blocks, Half), out Compilation output);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    [Theory]
    [InlineData("網", 80)]
    [InlineData("Long", 100)]
    [InlineData("_\u0301", 60)]
    public void Names_of_files_are_short_and_differ(string word, int times)
    {
        string name = string.Concat(Enumerable.Repeat(word, times));
        string[] sources = [.. new[] { "1", "2" }.Select(end =>
            $"namespace N{name} {{ partial class Outer{name} {{ [Strata.Network, Strata.Input(4), Strata.Dense(2)] public partial "
            + $"class C{name}{end}; }} }}")];
        var harness = new Harness();
        string[] hints = Hints(harness, sources);
        Assert.True(hints.Length > 2);
        Assert.All(hints, hint => Assert.InRange(Encoding.UTF8.GetByteCount(hint), 20, 200));
        Assert.All(hints, hint => Assert.Contains(".N" + word[..1], hint, StringComparison.Ordinal));
        Assert.Equal(hints.Length, new HashSet<string>(hints, StringComparer.OrdinalIgnoreCase).Count);
        Assert.Equal(hints, Hints(harness, sources));
        Assert.Superset(Hints(harness, sources[1]).ToHashSet(), hints.ToHashSet());
    }

    private static string[] Hints(Harness harness, params string[] sources)
    {
        GeneratorDriverRunResult result = harness.Generate(harness.Compile(sources), out Compilation output);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return [.. result.Results[0].GeneratedSources.Select(source => source.HintName)];
    }
}
