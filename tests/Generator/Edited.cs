using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Files as an editor has them open: in a workspace whose project runs the generator.</summary>
internal sealed class Edited
{
    /// <summary>Those of a workspace. The editor's features are here without all that they depend on; tests/Editor has them.</summary>
    public static readonly MefHostServices Services = MefHostServices.Create(MefHostServices.DefaultAssemblies.Where(
        assembly => assembly != typeof(CompletionProvider).Assembly));

    private static readonly Lazy<Project> Empty = new(() =>
    {
        CSharpCompilation compilation = new Harness().Compile();
        return new AdhocWorkspace(Services).AddProject(ProjectInfo
            .Create(ProjectId.CreateNewId(), VersionStamp.Default, "Tested", "Tested", LanguageNames.CSharp)
            .WithCompilationOptions(compilation.Options)
            .WithParseOptions(new Harness().Parsing)
            .WithMetadataReferences(compilation.References)
            .WithAnalyzerReferences([new GeneratorReference()]));
    });

    private readonly Project _project;

    public Edited(params string[] sources)
    {
        Project project = Empty.Value;
        var ids = new List<DocumentId>();
        foreach (string source in sources)
        {
            string name = $"Source{ids.Count}.cs";
            Document document = project.AddDocument(name, source, filePath: name);
            ids.Add(document.Id);
            project = document.Project;
        }

        _project = project;
        Documents = [.. ids.Select(id => project.GetDocument(id)!)];
    }

    public ImmutableArray<Document> Documents { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Asserts that one application leaves this text and no problem.</summary>
    public static async Task FixesAsync(CodeFixProvider provider, string before, string after)
    {
        var file = new Edited(before);
        Assert.Equal(after, await file.FixedAsync(provider, file.Documents[0]));
        Assert.Empty(await new Harness().AnalyzeAsync(after));
    }

    public static async Task FixesAllAsync(CodeFixProvider provider, string before, string after)
    {
        var file = new Edited(before);
        Assert.Equal(after, await file.AllFixedAsync(provider));
        Assert.Empty(await new Harness().AnalyzeAsync(after));
    }

    public static async Task HasNoFixAsync(CodeFixProvider provider, string source)
    {
        var file = new Edited(source);
        ImmutableArray<Diagnostic> diagnostics = await file.DiagnosticsAsync(provider);
        Assert.NotEmpty(diagnostics);
        foreach (Diagnostic diagnostic in diagnostics)
        {
            Assert.Empty(await file.ActionsAsync(provider, [diagnostic]));
        }
    }

    public async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(CodeFixProvider provider)
    {
        Compilation compilation = (await _project.GetCompilationAsync(Cancellation))!;
        ImmutableArray<Diagnostic> compilers = compilation.GetDiagnostics(Cancellation);
        return [.. compilers
            .Concat(await new Harness().AnalyzeAsync(compilation))
            .Concat(await OfGeneratorAsync())
            .Where(diagnostic => provider.FixableDiagnosticIds.Contains(diagnostic.Id))];
    }

    /// <summary>What the generator reports. Its locations name files; an editor finds the documents of these files.</summary>
    private async Task<IEnumerable<Diagnostic>> OfGeneratorAsync()
    {
        SyntaxTree[] trees = [.. (await Task.WhenAll(Documents.Select(document => document.GetSyntaxTreeAsync(Cancellation))))
            .Select(tree => tree!)];
        Compilation compilation = (await _project.GetCompilationAsync(Cancellation))!;
        Compilation written = compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(trees);
        ImmutableArray<Diagnostic> reported = new Harness().Driver().RunGenerators(written, Cancellation).GetRunResult().Diagnostics;
        return reported.Select(diagnostic => Diagnostic.Create(
            diagnostic.Id, diagnostic.Descriptor.Category, diagnostic.GetMessage(CultureInfo.InvariantCulture), diagnostic.Severity,
            diagnostic.DefaultSeverity, true, diagnostic.WarningLevel,
            location: Location.Create(
                trees.Single(tree => tree.FilePath == diagnostic.Location.GetLineSpan().Path), diagnostic.Location.SourceSpan),
            properties: diagnostic.Properties));
    }

    public async Task<List<CodeAction>> ActionsAsync(CodeFixProvider provider, ImmutableArray<Diagnostic> diagnostics)
    {
        var actions = new List<CodeAction>();
        await provider.RegisterCodeFixesAsync(new CodeFixContext(
            _project.GetDocument(diagnostics[0].Location.SourceTree)!,
            diagnostics[0].Location.SourceSpan,
            [.. diagnostics.Where(diagnostic => diagnostic.Location == diagnostics[0].Location)],
            (action, _) => actions.Add(action),
            Cancellation));
        return actions;
    }

    public async Task<string> FixedAsync(CodeFixProvider provider, Document document) =>
        await TextAsync(Assert.Single(await ActionsAsync(provider, await DiagnosticsAsync(provider))), document);

    public async Task<string> AllFixedAsync(CodeFixProvider provider)
    {
        ImmutableArray<Diagnostic> diagnostics = await DiagnosticsAsync(provider);
        CodeAction first = Assert.Single(await ActionsAsync(provider, diagnostics));
        FixAllProvider all = provider.GetFixAllProvider()!;
        Assert.Contains(FixAllScope.Project, all.GetSupportedFixAllScopes());
        CodeAction? action = await all.GetFixAsync(new FixAllContext(
            Documents[0],
            provider,
            FixAllScope.Document,
            first.EquivalenceKey!,
            diagnostics.Select(diagnostic => diagnostic.Id).Distinct(),
            new Known(diagnostics),
            Cancellation));
        return await TextAsync(action!, Documents[0]);
    }

    public static async Task<string> TextAsync(CodeAction action, Document document)
    {
        var operations = (await action.GetOperationsAsync(Cancellation)).OfType<ApplyChangesOperation>();
        Document changed = Assert.Single(operations).ChangedSolution.GetDocument(document.Id)!;
        return (await changed.GetTextAsync(Cancellation)).ToString();
    }

    private sealed class GeneratorReference : AnalyzerReference
    {
        /// <summary>The workspace finds the reference by the generator, so that it has to be one and the same.</summary>
        private readonly ImmutableArray<ISourceGenerator> _generators = [new StrataGenerator().AsSourceGenerator()];

        public override string? FullPath => null;

        public override object Id => nameof(GeneratorReference);

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

        public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => _generators;
    }

    private sealed class Known(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
