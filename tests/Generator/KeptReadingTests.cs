using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Strata.Generator.Reading;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What is read of classes is kept from edit to edit. An edit that changes the meaning of a class elsewhere is noticed.</summary>
public sealed class KeptReadingTests
{
    private const int Net = 0, Block = 1, Sizes = 2, Operator = 3, Helper = 4, Other = 5;

    private static readonly string[] Sources =
    [
        "using Strata;\nnamespace A { [Network, Input(4), Mlp(Sizes.Wide), Wave, Dense(2), CrossEntropy] public partial class Net; }",
        "using Strata;\n[Dense(Units), ReLU]\nclass MlpAttribute : BlockAttribute "
            + "{ const int Units = 1; public MlpAttribute(int units) { } }",
        "static class Sizes { public const int Wide = 3; }",
        "using Strata;\nsealed class WaveAttribute : ElementwiseAttribute { public static float Value(float x) => 2 * Helper.Half(x); }",
        "static class Helper { private const double Slope = 0.5; public static float Half(float x) { return x * (float)Slope; } }",
        "class Unrelated { void M() { } }",
    ];

    [Theory]
    [InlineData(Net, "Dense(2)", "Dense(3)")]
    [InlineData(Net, "Sizes.Wide", "Sizes.Wide + 1")]
    [InlineData(Block, "Dense(Units)", "Dense(2 * Units)")]
    [InlineData(Block, "const int Units", "const short Units")]
    [InlineData(Sizes, "Wide = 3", "Wide = 4")]
    [InlineData(Sizes, "Wide", "Narrow")]
    [InlineData(Operator, "2 *", "3 *")]
    [InlineData(Helper, "Slope = 0.5", "Slope = 0.25")]
    [InlineData(Helper, "return x", "return 3 * x")]
    [InlineData(Helper, "private const", "[Strata.Trained] private const")]
    [InlineData(Other, "class", "namespace A { class DenseAttribute : System.Attribute { public DenseAttribute(int n) { } } } class")]
    [InlineData(Other, "class", "namespace A { class Sizes { public const int Wide = 5; } } class")]
    [InlineData(Other, "class", "namespace A { partial class Net : System.Collections.ArrayList { } } class")]
    [InlineData(Other, "class", "namespace A { partial class Net { void Dispose() { } int OutputLength; } } class")]
    [InlineData(Other, "class", "namespace A { [Strata.ReLU] partial class Net { } } class")]
    [InlineData(Other, "class", "global using Wave = Strata.ReLUAttribute; class")]
    public void An_edit_that_changes_a_network_is_noticed_in_whatever_file(int file, string before, string after)
    {
        string[] edited = [.. Sources];
        edited[file] = Replaced(Sources[file], before, after);
        AssertNoticed(Sources, edited);
    }

    [Fact]
    public void An_attribute_of_the_assembly_that_may_suppress_an_error_is_noticed()
    {
        string[] broken = [.. Sources];
        broken[Net] = Replaced(Sources[Net], "Dense(2)", "Dense(0)");
        string[] suppressed = [.. broken];
        suppressed[Other] = "[assembly: System.Diagnostics.CodeAnalysis.SuppressMessage(\"Strata\", \"STRATA030\")]\n" + broken[Other];
        AssertNoticed(broken, suppressed);
    }

    [Fact]
    public void A_file_that_is_added_or_removed_is_noticed()
    {
        string shadow = "namespace A { class Sizes { public const int Wide = 5; } }";
        AssertNoticed(Sources, [.. Sources, shadow]);
        AssertNoticed([.. Sources, shadow], Sources);
    }

    [Theory]
    [InlineData(Other, "{ }", "{ int x = 1; }", false)]
    [InlineData(Other, "class", "/* a comment */ class", false)]
    [InlineData(Other, "class", "[System.Obsolete] class", false)]
    [InlineData(Block, "Dense(Units)", "Dense(2 * Units)", false)]
    [InlineData(Helper, "return x", "return 3 * x", true)]
    [InlineData(Sizes, "Wide = 3", "Wide = 4", true)]
    [InlineData(Other, "void M()", "void M(int x)", true)]
    [InlineData(Other, "class", "[assembly: System.CLSCompliant(false)] class", true)]
    public void A_class_is_read_again_only_for_its_own_files_or_for_other_declarations(int file, string before, string after, bool isRead)
    {
        CSharpCompilation first = new Harness().Compile(Sources);
        CSharpCompilation second = Edited(first, file, Replaced(Sources[file], before, after));
        var kept = new KeptReadings<string>();
        int readings = 0;
        string? Read(CSharpCompilation compilation) => kept.Get(NodeOf(compilation), compilation, files =>
        {
            files.Add(compilation.SyntaxTrees[Helper]);
            return $"reading {++readings}";
        });

        Assert.Equal("reading 1", Read(first));
        Assert.Equal("reading 1", Read(first));
        Assert.Equal(isRead ? "reading 2" : "reading 1", Read(second));
        Assert.Equal(isRead ? 2 : 1, readings);
    }

    [Fact]
    public void Another_option_or_reference_is_another_reading()
    {
        CSharpCompilation first = new Harness().Compile(Sources);
        var kept = new KeptReadings<string>();
        int readings = 0;
        string? Read(CSharpCompilation compilation) => kept.Get(NodeOf(compilation), compilation, _ => $"reading {++readings}");

        Assert.Equal("reading 1", Read(first));
        Assert.Equal("reading 2", Read(first.WithOptions(first.Options.WithAllowUnsafe(true))));
        Assert.Equal("reading 3", Read(first.RemoveReferences(first.References.First())));
        Assert.Equal("reading 4", Read(first.WithAssemblyName("Another")));
    }

    [Fact]
    public void A_reading_that_was_cancelled_is_not_kept()
    {
        CSharpCompilation compilation = new Harness().Compile(Sources);
        var kept = new KeptReadings<string>();
        Assert.Throws<OperationCanceledException>(
            () => kept.Get(NodeOf(compilation), compilation, _ => throw new OperationCanceledException()));
        Assert.Equal("read", kept.Get(NodeOf(compilation), compilation, _ => "read"));
    }

    [Fact]
    public void Compilations_and_files_before_the_last_edit_are_not_held()
    {
        CSharpCompilation compilation = new Harness().Compile(Sources);
        var kept = new KeptReadings<string>();
        List<WeakReference> old = Edit(ref compilation, kept);
        for (int i = 0; i < 20 && old.Count(one => one.IsAlive) > 1; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // The C# compiler may have a file in one of its pools.
        Assert.True(old.Count(one => one.IsAlive) <= 1, $"{old.Count(one => one.IsAlive)} of {old.Count}");
        Assert.Equal("kept", kept.Get(NodeOf(compilation), compilation, _ => "read anew"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Edit(ref CSharpCompilation compilation, KeptReadings<string> kept)
    {
        var old = new List<WeakReference>();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("kept", kept.Get(NodeOf(compilation), compilation, _ => i == 0 ? "kept" : "read anew"));
            old.AddRange([new WeakReference(compilation), new WeakReference(compilation.SyntaxTrees[Other])]);
            compilation = Edited(compilation, Other, $"class Unrelated {{ void M() {{ int x = {i}; }} }}");
        }

        Assert.Equal("kept", kept.Get(NodeOf(compilation), compilation, _ => "read anew"));
        return old;
    }

    /// <summary>
    /// Asserts that a generator that has seen the files before an edit writes the same as one that has not, and something new.
    /// </summary>
    private static void AssertNoticed(string[] sources, string[] edited)
    {
        var harness = new Harness();
        CSharpCompilation compilation = harness.Compile(sources);
        GeneratorDriver driver = harness.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        string before = TextOf(driver);

        CSharpCompilation after = compilation;
        for (int i = 0; i < Math.Min(sources.Length, edited.Length); i++)
        {
            after = edited[i] == sources[i] ? after : Edited(after, i, edited[i]);
        }

        after = after.AddSyntaxTrees(edited.Skip(sources.Length)
            .Select(added => CSharpSyntaxTree.ParseText(added, harness.Parsing, "Added.cs", Encoding.UTF8)));
        after = after.RemoveSyntaxTrees(after.SyntaxTrees.Skip(edited.Length));
        string incremental = TextOf(driver.RunGenerators(after, TestContext.Current.CancellationToken));
        string anew = TextOf(harness.Driver().RunGenerators(harness.Compile(edited), TestContext.Current.CancellationToken));
        Assert.Equal(anew, incremental);
        Assert.NotEqual(before, incremental);
    }

    private static string TextOf(GeneratorDriver driver)
    {
        GeneratorDriverRunResult result = driver.GetRunResult();
        Assert.Null(result.Results[0].Exception);
        return string.Join("\n", result.Results[0].GeneratedSources.Select(source => $"{source.HintName}\n{source.SourceText}"))
            + string.Join("\n", result.Diagnostics);
    }

    private static CSharpCompilation Edited(CSharpCompilation compilation, int file, string text)
    {
        SyntaxTree before = compilation.SyntaxTrees[file];
        return compilation.ReplaceSyntaxTree(before, before.WithChangedText(SourceText.From(text, Encoding.UTF8)));
    }

    private static ClassDeclarationSyntax NodeOf(CSharpCompilation compilation) => compilation.SyntaxTrees[Net]
        .GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<ClassDeclarationSyntax>().Single();

    private static string Replaced(string text, string before, string after)
    {
        Assert.Contains(before, text, StringComparison.Ordinal);
        int at = text.IndexOf(before, StringComparison.Ordinal);
        return text[..at] + after + text[(at + before.Length)..];
    }
}
