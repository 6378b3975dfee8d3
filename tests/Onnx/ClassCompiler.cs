using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Strata.Generator;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Graph;

namespace Strata.Onnx.Tests;

/// <summary>The compiler with the generator and all analyzers, in memory.</summary>
internal static class ClassCompiler
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private static readonly Lazy<CSharpCompilation> Empty = new(() =>
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return CSharpCompilation.Create(
            "Imported",
            references:
            [
                .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                    .Where(path => Path.GetDirectoryName(path) == framework)
                    .Append(typeof(NetworkAttribute).Assembly.Location)
                    .Select(path => MetadataReference.CreateFromFile(path)),
            ],
            options: new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
    });

    /// <summary>The graph of the only network of a source, by the generator's first steps. The source must have no warning.</summary>
    public static NetworkGraph GraphOf(string source)
    {
        CSharpCompilation compilation = Empty.Value.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, Parsing, "Source.cs"));
        Show(source, compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS1591"));
        ClassDeclarationSyntax network = compilation.SyntaxTrees.Single().GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
            .Single(type => type.AttributeLists.SelectMany(list => list.Attributes).Any(one => one.Name.ToString() == "Network"));
        INamedTypeSymbol symbol = compilation.GetSemanticModel(network.SyntaxTree).GetDeclaredSymbol(network)!;
        NetworkModel model = GraphBuilder.Build(
            DeclarationReader.Read(symbol, compilation, out _, CancellationToken.None)!, CancellationToken.None);
        string[] errors = [.. model.Problems.Where(problem => problem.IsError).Take(10).Select(problem => problem.Message)];
        return errors.Length == 0 ? model.Graph! : throw new ClassException(errors, source);
    }

    /// <summary>An assembly of a source and of what is generated for it, for one tier.</summary>
    public static Assembly Compile(string source, string tier = "vector128") => Compile([source], tier);

    /// <summary>The same for several sources.</summary>
    public static Assembly Compile(IEnumerable<string> sources, string tier = "vector128", params IEnumerable<Assembly> references)
    {
        string[] texts = [.. sources];
        string source = texts.Length == 1 ? texts[0] : "";
        CSharpCompilation compilation = Empty.Value
            .AddReferences(references.Select(assembly => MetadataReference.CreateFromFile(assembly.Location)))
            .AddSyntaxTrees(texts.Select((text, i) => CSharpSyntaxTree.ParseText(text, Parsing, $"Source{i}.cs")));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new StrataGenerator().AsSourceGenerator()], parseOptions: Parsing, optionsProvider: new TierOptions(tier));
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        using var image = new MemoryStream();
        var emitted = output.Emit(image);
        Show(source, driver.GetRunResult().Diagnostics.Concat(emitted.Diagnostics).Concat(AnalyzersOf(output, tier))
            .Where(d => d.Severity >= DiagnosticSeverity.Warning));
        return Assembly.Load(image.ToArray());
    }

    private static ImmutableArray<Diagnostic> AnalyzersOf(Compilation compilation, string tier) => compilation
        .WithAnalyzers(
            [new NetworkAnalyzer(), new OperatorAnalyzer(), new CallAnalyzer()], new AnalyzerOptions([], new TierOptions(tier)))
        .GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>What a class of an assembly of a source says about itself.</summary>
    /// <param name="source">The source.</param>
    /// <param name="type">The class's full name.</param>
    public static NetworkInfo InfoOf(string source, string type) => (NetworkInfo)Compile(source).GetType(type)!
        .GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .First(property => property.PropertyType == typeof(NetworkInfo)).GetValue(null)!;

    private static void Show(string source, IEnumerable<Diagnostic> diagnostics)
    {
        string[] shown = [.. diagnostics.Take(10).Select(diagnostic => diagnostic.ToString())];
        if (shown.Length > 0)
        {
            throw new ClassException(shown, source);
        }
    }

    private sealed class TierOptions(string tier) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(tier);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Options(string tier) : AnalyzerConfigOptions
    {
        private readonly ImmutableDictionary<string, string> _values = ImmutableDictionary<string, string>.Empty
            .Add("build_property.RunAnalyzers", "").Add("build_property.StrataTierList", tier);

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => _values.TryGetValue(key, out value);
    }
}

/// <summary>A class does not compile, or with warnings.</summary>
internal sealed class ClassException(IReadOnlyList<string> messages, string source)
    : Exception($"{string.Join('\n', messages)}\n{source}");
