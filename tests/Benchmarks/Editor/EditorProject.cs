using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Strata.Benchmarks.Editor;

/// <summary>A project in Roslyn's workspace, as an editor has it open.</summary>
internal sealed class EditorProject : IDisposable
{
    private readonly AdhocWorkspace _workspace = new();
    private readonly Dictionary<string, DocumentId> _documents = new(StringComparer.Ordinal);
    private readonly ProjectId _project = ProjectId.CreateNewId();
    private readonly ImmutableArray<DiagnosticAnalyzer> _analyzers;

    /// <param name="files">The files, by their names.</param>
    /// <param name="references">What they are compiled against.</param>
    /// <param name="withStrata">Whether Strata's generator and analyzers run.</param>
    public EditorProject(
        IEnumerable<KeyValuePair<string, string>> files, IEnumerable<MetadataReference> references, bool withStrata = true)
    {
        _analyzers = withStrata ? StrataAnalyzers.All : [new NoAnalyzer()];
        Solution solution = _workspace.CurrentSolution.AddProject(ProjectInfo.Create(
            _project, VersionStamp.Create(), "App", "App", LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable),
            parseOptions: new CSharpParseOptions(LanguageVersion.Latest),
            metadataReferences: references,
            analyzerReferences: withStrata ? [new StrataAnalyzers()] : []));
        foreach ((string name, string text) in files)
        {
            _documents[name] = DocumentId.CreateNewId(_project);
            solution = solution.AddDocument(_documents[name], name, SourceText.From(text), filePath: "/app/" + name);
        }

        // What the package's properties make visible to the generator.
        solution = solution.AddAnalyzerConfigDocument(
            DocumentId.CreateNewId(_project), ".globalconfig",
            SourceText.From("is_global = true\nbuild_property.RunAnalyzers = \nbuild_property.StrataTierList = \n"),
            filePath: "/app/.globalconfig");
        Apply(solution);
    }

    /// <summary>What an analyzer threw.</summary>
    public List<Exception> Thrown { get; } = [];

    /// <summary>Changes the text of a file.</summary>
    public void Edit(string name, string text)
    {
        Document document = _workspace.CurrentSolution.GetDocument(_documents[name])!;
        SourceText before = document.GetTextAsync().GetAwaiter().GetResult();

        // An editor tells what has changed. So only that is parsed again.
        int same = 0;
        while (same < Math.Min(before.Length, text.Length) && before[same] == text[same])
        {
            same++;
        }

        int behind = 0;
        while (behind < Math.Min(before.Length, text.Length) - same && before[^(behind + 1)] == text[^(behind + 1)])
        {
            behind++;
        }

        var change = new TextChange(TextSpan.FromBounds(same, before.Length - behind), text[same..^behind]);
        Apply(document.WithText(before.WithChanges(change)).Project.Solution);
    }

    /// <summary>The project with what the generator writes for it.</summary>
    public Compilation Compile(CancellationToken cancellationToken = default) =>
        _workspace.CurrentSolution.GetProject(_project)!.GetCompilationAsync(cancellationToken).GetAwaiter().GetResult()!;

    /// <summary>What the analyzers say of a file, after the generator ran.</summary>
    public ImmutableArray<Diagnostic> Diagnose(string name, CancellationToken cancellationToken = default)
    {
        Project project = _workspace.CurrentSolution.GetProject(_project)!;
        Compilation compilation = Compile(cancellationToken);
        SyntaxTree tree = project.GetDocument(_documents[name])!.GetSyntaxTreeAsync(cancellationToken).GetAwaiter().GetResult()!;
        var options = new CompilationWithAnalyzersOptions(
            project.AnalyzerOptions, (exception, _, _) => Thrown.Add(exception), concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        CompilationWithAnalyzers analyzed = compilation.WithAnalyzers(_analyzers, options);
        return
        [
            .. analyzed.GetAnalyzerSyntaxDiagnosticsAsync(tree, cancellationToken).GetAwaiter().GetResult(),
            .. analyzed.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, cancellationToken)
                .GetAwaiter().GetResult(),
        ];
    }

    public void Dispose() => _workspace.Dispose();

    private void Apply(Solution solution)
    {
        if (!_workspace.TryApplyChanges(solution))
        {
            throw new InvalidOperationException("The workspace refused an edit.");
        }
    }

    /// <summary>An analyzer that looks at calls as Strata's does, and does nothing. So Roslyn does its own part.</summary>
#pragma warning disable RS1001 // No compiler loads this assembly for its analyzers.
    private sealed class NoAnalyzer : DiagnosticAnalyzer
#pragma warning restore RS1001
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
            [new DiagnosticDescriptor("NONE", "None", "None", "None", DiagnosticSeverity.Warning, isEnabledByDefault: true)];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSyntaxNodeAction(static _ => { }, SyntaxKind.InvocationExpression);
        }
    }
}
