using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The generator in Roslyn's workspace, as an editor runs it.</summary>
public sealed class EditorTests
{
    private const string Own = "Edited.cs";

    private static readonly string[] Sources = [Harness.LeNet5, Harness.Branched, Harness.Blocks, Harness.Operators];

    [Fact]
    public async Task An_unrelated_keystroke_parses_nothing_again()
    {
        using var workspace = new AdhocWorkspace(Edited.Services);
        DocumentId document = Open(workspace, "class Unrelated { void M() { } }");
        SyntaxTree[] before = await TreesAsync(workspace);
        Edit(workspace, document, "class Unrelated { void M() { int x = 1; } }");
        SyntaxTree[] after = await TreesAsync(workspace);

        SyntaxTree[] kept = [.. before.Where(tree => tree.FilePath != Own)];
        Assert.True(kept.Count(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)) > 5);
        Assert.Equal(kept.Length, after.Count(tree => tree.FilePath != Own));
        Assert.All(kept, tree => Assert.Contains(after, other => ReferenceEquals(other, tree)));
        Assert.DoesNotContain(before.Single(tree => tree.FilePath == Own), after);
    }

    [Fact]
    public async Task A_keystroke_in_the_attributes_of_one_network_parses_no_other_one_again()
    {
        const string Net = "using Strata;\n[Network, Input(4), Dense(2)]\npartial class Edited;";
        using var workspace = new AdhocWorkspace(Edited.Services);
        DocumentId document = Open(workspace, Net);
        SyntaxTree[] before = await TreesAsync(workspace);
        Edit(workspace, document, Net.Replace("Dense(2)", "Dense(3)", StringComparison.Ordinal));
        SyntaxTree[] after = await TreesAsync(workspace);

        SyntaxTree[] changed = [.. after.Except(before)];
        Assert.Contains(changed, tree => tree.FilePath == Own);
        Assert.Contains(changed, tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));
        Assert.All(changed, tree => Assert.Contains("Edited", tree.FilePath, StringComparison.Ordinal));
    }

    private static DocumentId Open(AdhocWorkspace workspace, string text)
    {
        var harness = new Harness();
        Project project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Create(), "Edited", "Edited", LanguageNames.CSharp,
            compilationOptions: harness.Compile().Options, parseOptions: harness.Parsing, metadataReferences: harness.Compile().References,
            analyzerReferences: [new Reference()]));
        Solution solution = project.Solution;
        foreach ((string source, int i) in Sources.Select((source, i) => (source, i)))
        {
            solution = solution.AddDocument(
                DocumentId.CreateNewId(project.Id), $"Source{i}.cs", SourceText.From(source), filePath: $"S{i}.cs");
        }

        var id = DocumentId.CreateNewId(project.Id);
        Assert.True(workspace.TryApplyChanges(solution.AddDocument(id, Own, SourceText.From(text), filePath: Own)));
        return id;
    }

    private static void Edit(AdhocWorkspace workspace, DocumentId document, string text) =>
        Assert.True(workspace.TryApplyChanges(workspace.CurrentSolution.WithDocumentText(document, SourceText.From(text))));

    private static async Task<SyntaxTree[]> TreesAsync(AdhocWorkspace workspace)
    {
        Project project = workspace.CurrentSolution.Projects.Single();
        Compilation? compilation = await project.GetCompilationAsync(TestContext.Current.CancellationToken);
        return [.. compilation!.SyntaxTrees];
    }

    /// <summary>The generator, as a project references it.</summary>
    private sealed class Reference : AnalyzerReference
    {
        private readonly ImmutableArray<ISourceGenerator> _generators = [new StrataGenerator().AsSourceGenerator()];

        public override string? FullPath => null;

        public override object Id => nameof(StrataGenerator);

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

        public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => _generators;

        public override ImmutableArray<ISourceGenerator> GetGeneratorsForAllLanguages() => _generators;
    }
}
